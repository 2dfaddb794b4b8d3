"""The tables of ``tests/data/dialects``: notes of one construct each, and what must be shown, found and quoted of it."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.places import DATA


@dataclass(frozen=True)
class Case:
    """A construct: its ``note`` in ``file``; texts that must be shown and texts that must nowhere be.

    ``found`` is what search and quizzes read (``shown`` where it is not given); ``quoted`` are lines of the file.
    """

    name: str
    note: str
    shown: list[str]
    file: str = ""
    portable: str | None = None
    hidden: list[str] = field(default_factory=list[str])
    found: list[str] | None = None
    question: str | None = None
    quoted: list[str] = field(default_factory=list[str])

    @property
    def path(self) -> str:
        """Where the note lies below the folder of all cases."""
        return self.file or f"{self.name}.md"


def cases() -> list[Case]:
    """Return the rows of all tables."""
    return [
        Case(**row)
        for table in sorted((DATA / "dialects").glob("*.yaml"))
        for row in yaml.safe_load(table.read_text(encoding="utf-8"))
    ]


def write_notes(folder: Path) -> None:
    """Write the notes of all rows below ``folder``."""
    for case in cases():
        path = folder / case.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.note.encode())
