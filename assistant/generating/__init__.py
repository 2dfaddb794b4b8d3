"""The same answers in a chat model's words: prompt, stream, and the check that the notes support them."""
