"""What words an answer in place of quotations: the protocol, and what it yields. Knows no model."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.records import Citation
from assistant.selection import Excerpt, Selection


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """An answer as far as it is written; ``excerpts`` are the lines that its markers cite."""

    text: str = ""
    excerpts: tuple[Excerpt, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations, in the order of their markers."""
        return tuple(excerpt.citation for excerpt in self.excerpts)


class Writer(Protocol):
    """Words an answer to a question whose passages are selected already."""

    @property
    def name(self) -> str:
        """What the answer's ``engine`` says."""
        ...

    @property
    def version(self) -> str:
        """A text that changes whenever the answers may."""
        ...

    def write(self, selection: Selection) -> Iterator[WrittenAnswer]:
        """Yield the answer as it grows, the last one whole; closing the iterator stops the work.

        :raises ChatModelError: If there is no answer; :func:`assistant.generating.model_errors.notice` says so to the
        student.
        """
        ...
