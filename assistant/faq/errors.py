"""The errors of the FAQ; every message may be read by an instructor.

NotesError
├── StorageError
│   └── DatabaseUnavailableError   the database is locked, full, unreachable or of a newer version
└── FaqError
    ├── UnknownItemError           there is no such group, question or entry
    ├── StaleEntryError            somebody else saved the entry meanwhile
    ├── FaqFileError               a file to import cannot be read (carries the place)
    └── AccountError               a name or password that cannot be used
"""

from index import NotesError, StorageError


class DatabaseUnavailableError(StorageError):
    """The database cannot be read or written now; trying again later may help."""


class FaqError(NotesError):
    """Root of what an instructor can get wrong."""


class UnknownItemError(FaqError):
    """A group, question or entry that does not exist (any more)."""

    def __init__(self, kind: str, identifier: int | str) -> None:
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"There is no {kind} {identifier}.")


class StaleEntryError(FaqError):
    """An entry that was saved by somebody else since it was read; saving would drop what they wrote."""

    def __init__(self) -> None:
        super().__init__("This answer was changed meanwhile, in another tab or by somebody else. Please look again.")


class FaqFileError(FaqError):
    """A file to import that cannot be read; ``place`` names the line or item."""

    def __init__(self, reason: str, place: str) -> None:
        self.reason = reason
        self.place = place
        super().__init__(f"{place}: {reason}")


class AccountError(FaqError):
    """A name or password that cannot be used for an account."""
