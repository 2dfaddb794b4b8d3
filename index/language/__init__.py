"""What Korean and English words are: languages, sentences, terms, quantities, the glossary that joins the two."""
