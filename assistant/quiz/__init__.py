"""Quizzes from the structure of the notes: items made and checked, answers graded, a conversation led."""
