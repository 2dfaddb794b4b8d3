"""The chat page: components, events, conversations, and how answers look."""
