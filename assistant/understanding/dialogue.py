"""Understands a message in its dialogue: makes questions that stand alone, searches, decides; selects no lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.records import Citation, Turn
from assistant.selection import Part, Selection, Shape
from assistant.understanding.follow_up import FollowUp, Leaning, read_follow_up
from assistant.understanding.question_shape import searchable, splits, wording
from index import Block, BlockKind, CourseIndex, SearchResult, detect_language
from index.border import MAX_QUESTION_CHARACTERS
from index.language.languages import hangul_share
from index.language.terms import TermKind, is_stop_word
from index.ranking.lexical import MatchKind, TermMatch

REMEMBERED_TURNS = 6
_HITS = 10
_CARRIED_TERMS = 6
_TOPIC_KINDS = (TermKind.NAME, TermKind.NOUN)
_ASKING_ON = {
    Leaning.MORE: Shape.MORE,
    Leaning.SIMPLER: Shape.SIMPLER,
    Leaning.WHY: Shape.REASON,
    Leaning.EXAMPLE: Shape.EXAMPLE,
}


@dataclass(frozen=True, slots=True)
class SearchedQuestion:
    """One way to understand a question: as it stands alone, and what the search for that found."""

    standalone: str
    result: SearchResult

    @property
    def grounded(self) -> bool:
        """Whether the notes answer it so understood."""
        return self.result.decision.grounded and bool(self.result.hits)

    @property
    def probability(self) -> float:
        """The probability of that."""
        return self.result.decision.probability


class Rewriter(Protocol):
    """Says a follow-up as a question that stands alone."""

    @property
    def version(self) -> str:
        """A text that changes whenever what is said may."""
        ...

    def rewrite(self, question: str, language: str, history: Sequence[Turn]) -> str:
        """Return the question as it stands alone after ``history``; empty where there is none to trust."""
        ...


class DialogueReader:
    """Understands questions over one index; what was said is handed in each time.

    :param rewriter: Asked about questions that lean on the dialogue; without it, and where it fails, rules read them.
    """

    def __init__(self, course_index: CourseIndex, rewriter: Rewriter | None = None) -> None:
        self._index = course_index
        self._rewriter = rewriter

    def understand(self, question: str, module: str | None, history: Sequence[Turn]) -> Selection:
        """Return the question as understood, searched for and decided; without excerpts.

        :raises QuestionError: If it is empty or too long.
        """
        turns = list(history)[-REMEMBERED_TURNS:]
        language = language_of(question, turns)
        search = _Search(self._index, module, language)
        if not turns:
            return self._message(question, language, search, question)
        follow_up = read_follow_up(question)
        if follow_up.leaning is Leaning.REPEAT:
            return self._repeat(question, follow_up.language, module, turns)
        if follow_up.leaning in _ASKING_ON:
            return self._ask_on(question, language, _ASKING_ON[follow_up.leaning], search, turns)
        if follow_up.leaning is Leaning.ORDINAL:
            pointed = self._pointed(question, language, follow_up, search, turns)
            if pointed:
                return pointed
        reading = self._rewritten(question, language, follow_up, search, turns)
        reading = reading or self._read(question, follow_up, search, turns)
        if reading.standalone == question:
            return self._message(question, language, search, question, reading)
        return Selection(question, language, reading.standalone, (self._part(reading),))

    def _message(
        self, question: str, language: str, search: "_Search", standalone: str, reading: SearchedQuestion | None = None
    ) -> Selection:
        """Return a message that stands alone, as one question or two."""
        for left, right in splits(question):
            pair = self._two_questions(left, right, search)
            if pair:
                return Selection(question, language, standalone, pair)
        return Selection(question, language, standalone, (self._part(reading or search(standalone)),))

    def _two_questions(self, left: str, right: str, search: "_Search") -> tuple[Part, ...]:
        """Return both parts if they are different questions of which the notes answer at least one; else nothing."""
        first, alone = search(left), search(right)
        leans = read_follow_up(right).leaning is not Leaning.NONE or not self._own_topic(right)
        second = search(self._carry(left, right)) if leans else alone
        if leans and alone.grounded and not second.grounded:
            second = alone
        if first.grounded and second.grounded:
            return self._pair(first, second, right) if _tops(first) != _tops(second) else ()
        unknown = second if first.grounded else first
        if first.grounded or second.grounded:
            names_unknown = any(self._is_name(match) for match in self._absent(unknown.standalone))
            return self._pair(first, second, right) if names_unknown else ()
        return ()

    def _pair(self, first: SearchedQuestion, second: SearchedQuestion, asked: str) -> tuple[Part, ...]:
        return self._part(first), replace(self._part(second), asked=asked)

    def _rewritten(
        self, question: str, language: str, follow_up: FollowUp, search: "_Search", turns: Sequence[Turn]
    ) -> SearchedQuestion | None:
        """Return the rewriter's reading of a question that leans on the dialogue, if the notes answer it so."""
        if self._rewriter is None or (follow_up.leaning is Leaning.NONE and self._own_topic(question)):
            return None
        standalone = self._rewriter.rewrite(question, language, turns)
        reading = search(standalone) if standalone else None
        return reading if reading is not None and reading.grounded else None

    def _read(self, question: str, follow_up: FollowUp, search: "_Search", turns: Sequence[Turn]) -> SearchedQuestion:
        """Return the likelier of two readings: the question alone, or with what the dialogue was about."""
        alone = search(question)
        rest = follow_up.rest or question
        carried = self._carried(search, topic_of(turns), rest)
        match follow_up.leaning:
            case Leaning.ELLIPTIC | Leaning.PRONOUN:
                if any(self._is_name(match) for match in self._absent(question)):
                    return alone
                if self._swap(topic_of(turns), rest):
                    return carried
                fits = carried.grounded and self._holds(carried, rest)
                return carried if fits or not alone.grounded else alone
            case Leaning.CONNECTED:
                stands = alone.grounded and self._own_topic(question)
                return alone if stands or not carried.grounded else carried
            case _:
                known = self._own_topic(question) or list(self._absent(question))
                return alone if alone.grounded or known or not carried.grounded else carried

    def _ask_on(
        self, question: str, language: str, shape: Shape, search: "_Search", turns: Sequence[Turn]
    ) -> Selection:
        """Return the latest question anew, to be answered with what was not shown yet."""
        reading = search(topic_of(turns))
        shown = frozenset(
            (citation.file, line)
            for turn in turns
            for citation in turn.answer.citations
            for line in range(citation.first_line, citation.last_line + 1)
        )
        part = replace(self._part(reading), shape=shape, shown=shown)
        return Selection(question, language, reading.standalone, (part,))

    def _repeat(self, question: str, language: str, module: str | None, turns: Sequence[Turn]) -> Selection:
        """Return the latest question to be answered in ``language``."""
        reading = _Search(self._index, module, language)(topic_of(turns))
        return Selection(question, language, reading.standalone, (self._part(reading),))

    def _part(self, reading: SearchedQuestion) -> Part:
        names = (match.term.surface for match in self._absent(reading.standalone) if self._is_name(match))
        unknown = tuple(name for name in names if not self._index.mentions(name))
        shape = wording(reading.standalone).shape
        return Part(reading.standalone, shape, reading.result, reading.grounded, unknown=unknown)

    def _carried(self, search: "_Search", topic: str, question: str) -> SearchedQuestion:
        """Return the reading of ``question`` with what it leaves out taken from ``topic``.

        Where it only names a parallel of something there (EFS after EBS), the topic is asked again of that; the notes
        answer this if one section holds both the parallel and what was asked about it.
        """
        swapped = self._swap(topic, question)
        if not swapped:
            return search(self._carry(topic, question))
        reading = search(swapped)
        return reading if self._holds(reading, swapped) else _declined(reading)

    def _holds(self, reading: SearchedQuestion, text: str) -> bool:
        """Return whether one of the two best sections of ``reading`` holds every name and noun of ``text``."""
        words = [frozenset(m.keys) for m in self._matches(text) if m.keys and m.term.kind in _TOPIC_KINDS]
        for hit in reading.result.hits[:2]:
            said = self._index.keys_in(hit.section)
            if all(said & keys for keys in words):
                return True
        return False

    def _swap(self, topic: str, question: str) -> str:
        """Return ``topic`` with the term replaced that is parallel to the only one of ``question``; empty if none."""
        new = self._matches(question)
        for former in self._matches(topic) if len(new) == 1 else ():
            if self._classes(new[0]) & self._classes(former) and not set(new[0].keys) & set(former.keys):
                return topic.replace(former.term.surface, new[0].term.surface)
        return ""

    def _carry(self, topic: str, question: str) -> str:
        """Return ``question`` with the terms of ``topic`` it leaves out."""
        old, new = self._matches(topic), self._matches(question)
        named = {key for match in new for key in (*match.keys, match.term.key)}
        missing = [
            match.term.surface
            for match in old
            if match.term.kind is not TermKind.VERB and named.isdisjoint((*match.keys, match.term.key))
        ]
        kept = [word for word in missing if not any(word in other for other in missing if other != word)]
        return " ".join([*dict.fromkeys(kept[:_CARRIED_TERMS]), question])

    def _pointed(
        self, question: str, language: str, follow_up: FollowUp, search: "_Search", turns: Sequence[Turn]
    ) -> Selection | None:
        """Return what is asked about the n-th thing that the latest answer with so many named; None without it."""
        items: list[tuple[str, Block]] = []
        for turn in reversed(turns):
            items = [(c.file, block) for c in turn.answer.citations for block in self._items(c)]
            if len(items) >= max(follow_up.ordinal, 2):
                break
        position = follow_up.ordinal - 1 if follow_up.ordinal > 0 else len(items) + follow_up.ordinal
        if not 0 <= position < len(items):
            return None
        file, item = items[position]
        reading = search(f"{item.text} {follow_up.rest}".strip())
        part = self._part(reading)
        if not self._matches(follow_up.rest):
            shown = frozenset(((file, item.first_line),))
            part = replace(part, shape=Shape.ITEM, grounded=bool(reading.result.hits), shown=shown)
            part = replace(part, result=_with_first(reading.result, file, item))
        return Selection(question, language, reading.standalone, (part,))

    def _items(self, citation: Citation) -> list[Block]:
        """Return the items or rows that ``citation`` quotes, top level only; its lines if it quotes no list."""
        blocks = [
            block
            for note in self._index.notes
            if note.file == citation.file  # notes may have gone since they were cited
            for section in note.sections
            for block in section.blocks
            if citation.first_line <= block.first_line <= citation.last_line and not block.header
        ]
        listed = [b for b in blocks if b.kind in (BlockKind.ITEM, BlockKind.ORDERED_ITEM, BlockKind.TABLE_ROW)]
        top = min((block.depth for block in listed), default=0)
        quoted = [block for block in blocks if block.kind is not BlockKind.QUOTE]
        return [block for block in listed if block.depth == top] or quoted

    def _own_topic(self, question: str) -> bool:
        """Return whether ``question`` names something of its own: a name, or two words that the notes know."""
        known = [match for match in self._matches(question) if match.keys and match.idf > 1.0]
        named = any(self._is_name(match) or any(key.startswith("=") for key in match.keys) for match in known)
        return named or len(known) > 1

    def _matches(self, text: str) -> list[TermMatch]:
        return list(self._index.words.match(text))

    def _absent(self, text: str) -> list[TermMatch]:
        return [match for match in self._matches(text) if match.kind is MatchKind.ABSENT]

    def _is_name(self, match: TermMatch) -> bool:
        return match.term.kind is TermKind.NAME

    def _classes(self, match: TermMatch) -> set[str]:
        glossary = self._index.words.glossary
        return {glossary[int(key[1:])].term_class for key in match.keys if key.startswith("=")} - {""}


class _Search:
    """Searches in one module, preferring the edition of one language."""

    def __init__(self, index: CourseIndex, module: str | None, language: str) -> None:
        self._index = index
        self._module = module
        self._language = language

    def __call__(self, question: str) -> SearchedQuestion:
        question = within_limit(question)
        result = self._index.search(searchable(question), _HITS, self._module, self._language)
        return SearchedQuestion(question, replace(result, question=question))


def within_limit(question: str) -> str:
    """Return a question that was made here, from an item or with an earlier topic, as long as one may be.

    What a student asked is refused where it is too long; what was added to it must not be.
    """
    if len(question) <= MAX_QUESTION_CHARACTERS:
        return question
    cut = question[: MAX_QUESTION_CHARACTERS + 1].rpartition(" ")[0]
    return cut or question[:MAX_QUESTION_CHARACTERS]


def language_of(question: str, history: Sequence[Turn]) -> str:
    """Return the language of ``question``; of one that has none (S3?) that of the turn before."""
    words = [word for word in question.split() if word.strip("?!.,").isalpha() and word.islower() and len(word) > 2]
    is_sentence = sum(is_stop_word(word.strip("?!.,")) for word in question.split()) > 1  # What is IAM?
    if history and not hangul_share(question) and not words and not is_sentence:
        return history[-1].answer.language
    return detect_language(question)


def topic_of(history: Sequence[Turn]) -> str:
    """Return the latest question that stands alone: as understood then, or the latest that leans on no other."""
    for turn in reversed(history):
        standalone = turn.standalone or turn.answer.standalone
        if standalone:
            return standalone
        if read_follow_up(turn.question).leaning is Leaning.NONE:
            return turn.question
    return history[0].question


def _declined(reading: SearchedQuestion) -> SearchedQuestion:
    decision = replace(reading.result.decision, grounded=False)
    return replace(reading, result=replace(reading.result, decision=decision))


def _with_first(result: SearchResult, file: str, block: Block) -> SearchResult:
    """Return ``result`` with the section that holds ``block`` first, if it was found at all."""
    at = block.first_line
    holds = [h.section.file == file and h.section.first_line <= at <= h.section.last_line for h in result.hits]
    first = [replace(hit, score=result.hits[0].score) for hit, held in zip(result.hits, holds, strict=True) if held]
    return replace(result, hits=(*first, *(hit for hit, held in zip(result.hits, holds, strict=True) if not held)))


def _tops(reading: SearchedQuestion) -> tuple[int, int]:
    top = reading.result.hits[0]
    return top.section.number, top.best_line.first_line if top.best_line else top.section.first_line
