"""Remembers what an instructor has to be told about the notes until he has seen it, also over a restart."""

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE_NAME = "notes-notices.json"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is not taken or not read: ``kind`` names the reason, ``line`` the place where it is known.

    ``detail``: what exactly is wrong, in English, where the kind's sentence does not say it.
    """

    file: str
    kind: str
    line: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken: ``kind`` is ``new``, or says what it stands in place of; ``place`` is its name there."""

    file: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What became of each file of an upload."""

    taken: tuple[Taken, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishingOutcome:
    """How a change of the notes in force ended.

    ``kind`` is ``published``, ``restored``, ``failed`` and ``interrupted`` (the notes are as before), or ``stuck``
    (they could not be put back). ``reason`` is a sentence, where there is one.
    """

    kind: str
    reason: str = ""


class Notices:
    """The latest outcome and the latest report, kept in ``data``; in memory alone where that cannot be written."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE_NAME
        self._lock = threading.Lock()
        self._outcome, self._report = _read(self._path)

    @property
    def outcome(self) -> PublishingOutcome | None:
        """How the latest change ended, None once that was seen."""
        return self._outcome

    @property
    def report(self) -> UploadReport | None:
        """What became of the latest upload, None once that was seen."""
        return self._report

    def tell(self, notice: PublishingOutcome | UploadReport) -> None:
        """Remember ``notice`` in place of the earlier one of its kind."""
        with self._lock:
            if isinstance(notice, PublishingOutcome):
                self._outcome = notice
            else:
                self._report = notice
            self._write()

    def seen(self) -> None:
        """Forget what was told."""
        with self._lock:
            self._outcome = self._report = None
            self._write()

    def _write(self) -> None:
        value = {
            "outcome": asdict(self._outcome) if self._outcome else None,
            "report": asdict(self._report) if self._report else None,
        }
        part = self._path.with_name(f".{FILE_NAME}.part")
        with contextlib.suppress(OSError):  # a full disk must not keep the notes from being put back
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(value, ensure_ascii=True), encoding="utf-8")
            os.replace(part, self._path)


def _read(path: Path) -> tuple[PublishingOutcome | None, UploadReport | None]:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        outcome, report = value["outcome"], value["report"]
        return (
            PublishingOutcome(**outcome) if outcome else None,
            UploadReport(
                tuple(Taken(**row) for row in report["taken"]), tuple(Problem(**row) for row in report["problems"])
            )
            if report
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or damaged: nothing that anyone could act on
        return None, None
