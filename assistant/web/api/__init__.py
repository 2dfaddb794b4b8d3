"""The HTTP API, and OpenAI's chat protocol over it."""
