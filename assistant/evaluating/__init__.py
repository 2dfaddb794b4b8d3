"""Measures answers on an instructor's own questions; nothing that serves imports it."""
