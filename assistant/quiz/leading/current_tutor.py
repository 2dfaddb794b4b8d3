"""Holds the one quiz tutor that all pages share; its items are made at the first quiz and when the notes changed."""

import threading
from pathlib import Path

from assistant.quiz.leading.tutor import QuizTutor
from assistant.quiz.making.bank import QuizBank
from assistant.serving.service import AssistantService


class TutorOfService:
    """The tutor of the assistant that a service holds; its items are made anew when the notes have changed."""

    def __init__(self, service: AssistantService, folder: Path) -> None:
        self._service = service
        self._folder = folder
        self._lock = threading.Lock()
        self._known: tuple[str, QuizTutor] | None = None

    def current(self) -> QuizTutor:
        """Return the tutor.

        :raises StillLoadingError: If the assistant is still being loaded.
        """
        assistant = self._service.assistant
        generation = assistant.index.generation
        with self._lock:
            if self._known is None or self._known[0] != generation:
                bank = QuizBank.from_notes(assistant.index.notes, self._folder)
                self._known = (generation, QuizTutor(assistant, bank))
            return self._known[1]
