"""Remembers what an instructor has to be told about the notes until he has seen it, also over a restart."""

import contextlib
import json
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from index.importing.documents import Unread
from index.json_values import json_values, record_of

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
    """A file that was taken: ``kind`` is ``new``, or says what it stands in place of; ``place`` is its name there.

    ``unread`` is what a document of another format holds and its note does not.
    """

    file: str
    kind: str
    place: str
    unread: tuple[Unread, ...] = ()


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


@dataclass(frozen=True, slots=True)
class _Told:
    outcome: PublishingOutcome | None = None
    report: UploadReport | None = None


class Notices:
    """The latest outcome and the latest report, kept in ``data``; in memory alone where that cannot be written."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE_NAME
        self._lock = threading.Lock()
        self._told = _read(self._path)

    @property
    def outcome(self) -> PublishingOutcome | None:
        """How the latest change ended, None once that was seen."""
        return self._told.outcome

    @property
    def report(self) -> UploadReport | None:
        """What became of the latest upload, None once that was seen."""
        return self._told.report

    def tell(self, notice: PublishingOutcome | UploadReport) -> None:
        """Remember ``notice`` in place of the earlier one of its kind."""
        with self._lock:
            if isinstance(notice, PublishingOutcome):
                self._told = replace(self._told, outcome=notice)
            else:
                self._told = replace(self._told, report=notice)
            self._write()

    def seen(self) -> None:
        """Forget what was told."""
        with self._lock:
            self._told = _Told()
            self._write()

    def _write(self) -> None:
        part = self._path.with_name(f".{FILE_NAME}.part")
        with contextlib.suppress(OSError):  # a full disk must not keep the notes from being put back
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(json_values(self._told)), encoding="utf-8")
            os.replace(part, self._path)


def _read(path: Path) -> _Told:
    try:
        return record_of(_Told, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):  # none yet, or damaged: nothing that anyone could act on
        return _Told()
