"""Conversation about the course: small talk, what the course holds, summaries, wishes on the last answer, slips."""
