"""What of the notes answers a question: the records that composition, generation and pages start from."""

from dataclasses import dataclass
from enum import Enum

from assistant.records import Citation, Suggestion
from index import Block, SearchResult, Section


class Shape(str, Enum):
    """What form of answer a question asks for."""

    FACT = "fact"
    LIST = "list"
    COMPARISON = "comparison"
    YES_NO = "yes_no"
    HOW_TO = "how_to"
    CODE = "code"
    ITEM = "item"
    MORE = "more"
    SIMPLER = "simpler"
    REASON = "reason"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Neighbouring lines of one section under one marker.

    ``blocks`` are the quotable pieces that ``citation`` covers; their ``text`` is readable plain text (a table row
    names its columns). ``is_remark`` marks an editor's remark, which is shown because the line before it is.
    """

    section: Section
    blocks: tuple[Block, ...]
    citation: Citation
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message: how it was searched for, what was found, and the excerpts that answer it.

    ``question`` stands alone (a follow-up carries the terms of the dialogue). ``grounded`` is the decision whether
    the notes answer it; without it there are no excerpts. ``sides`` names what a comparison compares, one for each
    block of the excerpts. ``shown`` holds file and line of what the dialogue quoted: all of it where the question asks
    for more, the one line where it points at one; ``is_exhausted`` tells that what was asked for beyond is missing.
    ``unknown`` holds the names in the question that the notes never mention; ``asked`` is the question as written.
    """

    question: str
    shape: Shape
    result: SearchResult
    grounded: bool
    excerpts: tuple[Excerpt, ...] = ()
    sides: tuple[str, ...] = ()
    shown: frozenset[tuple[str, int]] = frozenset()
    is_exhausted: bool = False
    unknown: tuple[str, ...] = ()
    asked: str = ""

    @property
    def absent(self) -> tuple[str, ...]:
        """The words that the notes never mention, as the question writes them; not verbs, which are known by stems."""
        return tuple(word for word in self.result.decision.absent if word in self.question)


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything that is known before an answer is worded. ``language`` is that of the latest question.

    ``parts`` has one entry, or two where the message asks two questions. ``most`` is how many things it wants at most,
    0 for all; ``read_as`` holds its misspelt words as they were read.
    """

    question: str
    language: str
    standalone: str
    parts: tuple[Part, ...]
    most: int = 0
    read_as: str = ""

    @property
    def grounded(self) -> bool:
        """Whether the notes answer at least one part."""
        return any(part.grounded for part in self.parts)

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """The excerpts of all parts, in the order of their markers."""
        return tuple(excerpt for part in self.parts for excerpt in part.excerpts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of all parts; markers count from 1 over the whole answer."""
        return tuple(excerpt.citation for excerpt in self.excerpts)

    @property
    def absent(self) -> tuple[str, ...]:
        """The words of the parts not answered that the notes never mention."""
        declined = [part for part in self.parts if not part.grounded and not part.is_exhausted]
        return tuple(dict.fromkeys(word for part in declined for word in part.absent))

    @property
    def probability(self) -> float:
        """The probability of the part that the notes answer best."""
        return max((part.result.decision.probability for part in self.parts), default=0.0)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The nearest sections of the parts that are not answered, at most three; not one that was just shown."""
        sections = [
            hit.section
            for part in self.parts
            if not part.grounded
            for hit in part.result.hits[part.is_exhausted : 3 + part.is_exhausted]
        ]
        distinct = {(section.file, section.first_line): section for section in sections}
        return tuple(suggestion(section) for section in list(distinct.values())[:3])


def suggestion(section: Section) -> Suggestion:
    """Return where ``section`` stands."""
    return Suggestion(section.module, section.heading_path, section.file, section.first_line, section.last_line)
