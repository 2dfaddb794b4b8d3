"""Measures retrieval and abstention, and fits the abstention; nothing that serves imports it."""
