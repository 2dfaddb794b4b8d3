"""One reader a format: from the bytes of a file to a document with its pages, and to what could not be read."""
