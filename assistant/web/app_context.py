"""What every page is built from: the running service, the settings, the strings, and how far loading has come."""

import os
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from assistant.faq.service import FaqService
from assistant.quiz.leading.current_tutor import TutorOfService
from assistant.serving.service import AssistantService, StillLoadingError
from assistant.serving.waiting_room import WaitingRoom
from assistant.settings import Settings
from assistant.web.answer_log import AnswerLog
from assistant.web.places.course_places import CoursePlaces
from assistant.web.receipts import Receipts
from assistant.web.strings import Strings
from index.background import Background

#: A chat model is mostly waited for.
_ANSWERS_BY_MODEL = 16


class LoadProgress:
    """How far the index is built, told by the loading thread and read by pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done = 0
        self._total = 0

    def advance(self, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` passages are encoded."""
        with self._lock:
            self._done, self._total = done, total

    def to_json(self) -> dict[str, int]:
        """Return the counts; both are 0 while nothing has to be built."""
        with self._lock:
            return {"done": self._done, "total": self._total}


@dataclass(frozen=True, slots=True)
class AppContext:
    """The parts that pages share. ``log`` is None where questions are not kept, ``faq`` where there is no database.

    ``server`` is another one after every start, by which a page notices that it was restarted. ``receipts`` tell which
    answers that a browser sends back are the server's. ``tutor`` leads the quizzes of all pages. In ``room`` wait
    questions, from whichever page they come. ``places`` says where links and figures of the notes lead.
    """

    service: AssistantService
    settings: Settings
    strings: dict[str, Strings]
    progress: LoadProgress = field(default_factory=LoadProgress)
    log: AnswerLog | None = None
    faq: FaqService | None = None
    server: str = field(default_factory=lambda: uuid.uuid4().hex)
    background: Background = field(default_factory=Background, compare=False)
    receipts: Receipts = field(default_factory=Receipts)
    tutor: TutorOfService = field(init=False, compare=False)
    room: WaitingRoom = field(init=False, compare=False)
    places: CoursePlaces = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Make the tutor and the places over the service, and the room; the class is frozen for everybody else."""
        object.__setattr__(self, "places", CoursePlaces(self.service, self.settings.dir))
        object.__setattr__(self, "tutor", TutorOfService(self.service, self.settings.dir))
        workers = _ANSWERS_BY_MODEL if self.settings.chat_model else _cores()
        object.__setattr__(self, "room", WaitingRoom(workers))

    def status(self) -> dict[str, Any]:
        """Return what pages poll: whether questions can be answered, why not, and how far loading is."""
        trouble = self.service.trouble
        return {
            "ready": trouble is None,
            "server": self.server,
            "error": "" if trouble is None or isinstance(trouble, StillLoadingError) else str(trouble),
            **self.progress.to_json(),
        }


def _cores() -> int:
    """Return how many cores this process may use: in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
