"""The web pages and the HTTP API."""
