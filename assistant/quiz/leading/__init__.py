"""Leads a student through items: commands, grading, replies, what is due again."""
