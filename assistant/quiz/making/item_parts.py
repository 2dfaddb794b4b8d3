"""Puts items together: citation, explanation, hint and identity, the same way for every structure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.quiz.making.facts import Facts, Listing, Remark
from assistant.quiz.making.item_phrases import enumeration, phrase
from assistant.quiz.making.sentence_edits import squeezed, without_glosses
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.making.veiled_formulas import unveiled
from assistant.quiz.records import ORDER_ARROW, Item, ItemKind, Structure
from assistant.records import Citation

_VAGUE = re.compile(
    r"^(?:개요|소개|배경|요약|예시?|예제|용어|설명|사용법|동기|제약|제한 ?사항|노트|overview|introduction|"
    r"example|summary|notes?)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:모듈|module)\s*\d+$", re.IGNORECASE)
_MISSING = 0.4
_SPLIT_LABEL = re.compile(r"(?:(?<!\s)\s+)?[:：]\s+")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item comes from: the piece called ``key`` at these lines, which say ``said``."""

    facts: Facts
    key: str
    first_line: int
    last_line: int
    said: str

    @property
    def language(self) -> str:
        """The language of the note."""
        return self.facts.section.language


@dataclass(frozen=True, slots=True)
class Question:
    """What an item asks. ``tag`` tells apart the items of one structure and kind from one spot, in all editions alike.

    ``evidence`` are texts that the cited lines must say; by default the answer.
    """

    kind: ItemKind
    structure: Structure
    stem: str
    answer: str
    tag: str
    difficulty: int
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    hint: str = ""
    shuffled: bool = True


def draft(source: QuizSource, spot: Spot, question: Question) -> Item:
    """Return the item that asks ``question`` about ``spot``; options are shuffled by the item's identity."""
    section = spot.facts.section
    spot, question = _unveiled(spot, question)
    pair = f"{spot.key}|{question.structure.value}|{question.kind.value}|{question.tag}"
    identity = hashlib.sha256(pair.encode()).hexdigest()[:12]
    options = list(question.options)
    if question.shuffled:
        seeded(pair).shuffle(options)
        if question.kind is ItemKind.ORDERING and ORDER_ARROW.join(options) == question.answer:
            options = [*options[1:], options[0]]
    quote = source.quote(section, spot.first_line, spot.last_line)
    citation = Citation(1, section.module, section.heading_path, section.file, spot.first_line, spot.last_line, quote)
    return Item(
        id=f"{identity}-{section.language}",
        pair=identity,
        kind=question.kind,
        structure=question.structure,
        language=section.language,
        stem=question.stem,
        options=tuple(options),
        answer=question.answer,
        accepted=question.accepted,
        explanation=_explanation(spot),
        hint=question.hint or _hint(question, spot, options),
        citation=citation,
        evidence=_evidence(question, quote),
        place=section.edition_key,
        source=spot.key,
        difficulty=question.difficulty,
    )


def _unveiled(spot: Spot, question: Question) -> tuple[Spot, Question]:
    """Return both with their formulas as the notes have them."""
    texts = {name: tuple(map(unveiled, getattr(question, name))) for name in ("options", "accepted", "evidence")}
    lines = {name: unveiled(getattr(question, name)) for name in ("stem", "answer", "hint")}
    return replace(spot, said=unveiled(spot.said)), replace(question, **texts, **lines)


def _explanation(spot: Spot) -> str:
    remarks = remarks_on(spot.facts, spot)
    return spot.said + "".join(phrase("remark", spot.language, remark=unveiled(remark.text)) for remark in remarks)


def remarks_on(facts: Facts, spot: Spot) -> list[Remark]:
    """Return the editor's notes about the lines of ``spot``."""
    return [r for r in facts.remarks if r.first_line <= spot.last_line and spot.first_line <= r.last_line]


def said(facts: Facts, text: str) -> str:
    """Return the sentence that explains an item by a line of the notes."""
    return phrase("said", facts.section.language, heading=plain_heading(facts), quote=text)


def listed(facts: Facts, listing: Listing) -> str:
    """Return the sentence that explains an item by a whole list."""
    members = ORDER_ARROW.join(listing.members) if listing.ordered else enumeration(listing.members)
    name = "listed_order" if listing.ordered else "listed"
    return phrase(name, facts.section.language, heading=plain_heading(facts), members=members)


def plain_heading(facts: Facts) -> str:
    """Return the section's heading without glosses."""
    return without_glosses(facts.section.leaf)


def _hint(question: Question, spot: Spot, options: Sequence[str]) -> str:
    if question.kind is ItemKind.CHOICE:
        wrong = [option for option in options if option != question.answer]
        return phrase("hint_not", spot.language, option=seeded(spot.key, question.tag).choice(wrong)) if wrong else ""
    if question.kind is ItemKind.ORDERING:
        return phrase("hint_first", spot.language, option=question.answer.split(ORDER_ARROW)[0])
    if question.kind is ItemKind.TRUE_FALSE:
        return phrase("hint_look", spot.language, heading=plain_heading(spot.facts))
    letters = question.answer.strip("‘’'\"`. ")
    return phrase("hint_letters", spot.language, first=letters[:1], count=len(letters.replace(" ", "")))


def _evidence(question: Question, quote: str) -> tuple[str, ...]:
    """Return what of the question's evidence stands in ``quote``; nothing where one of its texts does not."""
    pieces = [verbatim(text, quote) for text in question.evidence or (question.answer,)]
    return tuple(piece for group in pieces for piece in group) if all(pieces) else ()


def verbatim(text: str, quote: str) -> tuple[str, ...]:
    """Return the pieces of ``text``, the longest first found, that stand in ``quote`` byte for byte.

    Nothing where two fifths of the text or more have no such piece: then the quote does not say it.
    """
    words = text.split()
    pieces: list[str] = []
    missing = 0
    start = 0
    while start < len(words):
        end = next((end for end in range(len(words), start, -1) if " ".join(words[start:end]) in quote), start)
        if end == start:
            missing += len(words[start])
        else:
            pieces.append(" ".join(words[start:end]))
        start = max(end, start + 1)
    return tuple(pieces) if missing <= _MISSING * len(text) else ()


def label(facts: Facts, secret: str = "", members: Sequence[str] = ()) -> str:  # the word to keep from the student  # nosec B107
    """Return a name of the section that does not hold ``secret``, empty where there is none.

    A heading that spells out its list (``Permission types: identity-based and …``) is cut at its colon: of the possible
    names the one that tells least of ``members`` is taken.
    """
    path = facts.section.heading_path
    leaf = without_glosses(path[-1])
    candidates = [leaf, *(part for part in _SPLIT_LABEL.split(leaf)[:2] if not _NUMBERED.match(part))]
    if len(path) > 1:
        parent = without_glosses(path[-2])
        candidates = [candidate for candidate in candidates if not _VAGUE.match(candidate)]
        candidates += [
            (f"{_SPLIT_LABEL.split(parent)[-1]} - {candidate}") for candidate in (leaf,) if _VAGUE.match(leaf)
        ]
    hidden = squeezed(secret)
    fitting = [name for name in candidates if len(name) > 1 and not (hidden and hidden in squeezed(name))]
    told = re.findall(r"\w{2,}", " ".join((secret, *members)).casefold())
    words = {word.removesuffix("s") for word in told}
    return min(fitting, key=lambda name: sum(word in name.casefold() for word in words), default="")
