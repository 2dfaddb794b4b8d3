"""Turns what a chat model writes into a draft that holds only supported sentences with true markers; calls no model."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.generating.grounding import Ground, Grounding, SupportVerdict, readable_text
from assistant.generating.prompt import PromptSource, speaks_to_a_machine
from assistant.images import without_images
from assistant.records import Citation
from index import Block, BlockKind, Section
from index.language.languages import KOREAN, hangul_share, is_hangul
from index.language.sentences import sentence_spans

NOTHING = "NOTHING"
_MARKERS = re.compile(r"(?:(?<!\s)\s+)?\[(\d+(?:\s*,\s*\d+)*)\]")
_LEADING_MARKERS = re.compile(r"(?:\s*\[\d+(?:\s*,\s*\d+)*\]\.?)+(?:\s|$)")
_STOP_BEFORE_MARKER = re.compile(r"([.!?])(?=\[\d)")
_PREFIX = re.compile(r"^\s*(?:[-*•+]\s+|\d+[.)]\s+|#{1,6}\s+|>\s+)?")
_BULLET = re.compile(r"\s*(?:[-*•+]|\d+[.)])\s")
_CODE_SPAN = re.compile(r"`[^`]*`")
_FENCE = "```"
_FEW_WORDS = 4
_FOREIGN_SHARE = 0.2

Quote = Callable[[Section, int, int], str]


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer so far: Markdown whose markers are those of ``citations``. ``excerpts`` says what each one covers."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    grounds: tuple[Ground, ...] = ()
    dropped: int = 0


class Drafter:
    """Takes a chat model's words as they come and checks every sentence against the sources.

    :param quote: Returns lines of a section's file, byte for byte.
    :param asked: The question, which a first sentence that names nothing is about.
    """

    def __init__(
        self, grounding: Grounding, sources: Sequence[PromptSource], language: str, quote: Quote, asked: str = ""
    ) -> None:
        self._grounding = grounding
        self._sources = {source.marker: source for source in sources}
        self._language = language
        self._quote = quote
        self._rest = ""
        self._code: list[str] | None = None
        self._lines: list[str] = []
        self._line_open = False
        self._seen: set[str] = set()
        self._asked = self._before = asked
        self._draft = Draft()

    @property
    def draft(self) -> Draft:
        """What has been accepted so far."""
        return replace(self._draft, text="\n".join(self._lines).strip())

    def feed(self, text: str) -> Draft:
        """Take more of the model's words and return the draft: sentences that are whole by now are checked."""
        self._rest += text
        while "\n" in self._rest:
            line, self._rest = self._rest.split("\n", 1)
            self._line(line, whole=True)
        if self._code is None and not self._rest.lstrip().startswith("`"):  # a fence may be beginning
            self._rest = self._line(self._rest, whole=False)
        return self.draft

    def finish(self) -> Draft:
        """Take what is left as the last sentence and return the whole draft."""
        self._line(self._rest, whole=True)
        self._rest = ""
        if self._code:
            self._take_code()
        return self.draft

    def _line(self, line: str, *, whole: bool) -> str:
        """Check the sentences of ``line``; return what is not known to be a whole one yet."""
        if line.strip().startswith(_FENCE):
            self._toggle_code()
            return ""
        if self._code is not None:
            self._code.append(line)
            return ""
        sentences = list(_sentences(line))
        rest = "" if whole else (sentences.pop() if sentences else line)
        for sentence in sentences:
            self._take(sentence)
        if whole:
            if not line.strip() and self._lines and self._lines[-1]:
                self._lines.append("")
            self._line_open = False
        return rest

    def _take(self, sentence: str) -> None:
        bullet = _BULLET.match(sentence)
        body = without_images(_PREFIX.sub("", sentence, count=1)).strip()
        said = readable_text(body)
        if not said or said.rstrip(".").upper() == NOTHING or sentence.lstrip().startswith("#"):
            return
        if bullet:
            self._before = self._asked
        markers = self._support(body) if self._acceptable(said, body) else ()
        if not markers:
            self._draft = replace(self._draft, dropped=self._draft.dropped + 1)
            return
        self._seen.add(said.casefold())
        self._before = said
        marked = " ".join([_without_markers(body).strip(), *(self._cite(self._sources[m], said) for m in markers)])
        if self._line_open and not bullet:
            self._lines[-1] += f" {marked}"
        else:
            self._lines.append(f"{bullet.group() if bullet else ''}{marked}")
        self._line_open = True

    def _acceptable(self, said: str, body: str) -> bool:
        if said.casefold() in self._seen or body.startswith("|") or speaks_to_a_machine(said):
            return False
        return is_in_language(_CODE_SPAN.sub(" ", _MARKERS.sub(" ", body)), self._language)

    def _support(self, body: str) -> tuple[int, ...]:
        """Return the markers of the sources that support ``body``: the given ones, else the best single one."""
        numbers = [int(n) for found in _MARKERS.findall(_CODE_SPAN.sub(" ", body)) for n in found.split(",")]
        given = [number for number in dict.fromkeys(numbers) if number in self._sources]
        for marker in given:
            if self._verdict(body, [marker]).supported:
                return (marker,)
        if len(given) > 1 and self._verdict(body, given).supported:
            return tuple(given)
        others = [(self._verdict(body, [marker]), marker) for marker in self._sources if marker not in given]
        supported = [(verdict.share, -marker) for verdict, marker in others if verdict.supported]
        return (-max(supported)[1],) if supported else ()

    def _verdict(self, body: str, markers: Sequence[int]) -> SupportVerdict:
        return self._grounding.verdict(body, [self._sources[marker].ground for marker in markers], self._before)

    def _cite(self, source: PromptSource, said: str) -> str:
        return self._marker(source, self._grounding.nearest(said, source.ground))

    def _marker(self, source: PromptSource, pieces: Sequence[Block]) -> str:
        """Return the marker of the citation that covers ``pieces``, which is made where there is none yet."""
        section = source.ground.section
        first, last = min(p.first_line for p in pieces), max(p.last_line for p in pieces)
        for citation in self._draft.citations:
            if citation.file == section.file and citation.first_line <= first and last <= citation.last_line:
                return f"[{citation.marker}]"
        number = len(self._draft.citations) + 1
        quote = self._quote(section, first, last)
        made = Citation(number, section.module, section.heading_path, section.file, first, last, quote)
        self._draft = replace(
            self._draft,
            citations=(*self._draft.citations, made),
            grounds=(*self._draft.grounds, Ground(section, tuple(pieces))),
        )
        return f"[{number}]"

    def _toggle_code(self) -> None:
        if self._code is None:
            self._code = []
        else:
            self._take_code()

    def _take_code(self) -> None:
        """Keep a code block whose every line stands in the code of one source; drop it otherwise."""
        written = [line.strip() for line in self._code or () if line.strip()]
        self._code = None
        for source in self._sources.values():
            for piece in source.ground.pieces:
                held = {line.strip() for line in piece.text.split("\n")}
                if piece.kind is BlockKind.CODE and written and held.issuperset(written):
                    marker = self._marker(source, (piece,))
                    self._lines.extend(["", _FENCE, *_dedented(piece.text, written), _FENCE, marker])
                    self._line_open = False
                    return
        self._draft = replace(self._draft, dropped=self._draft.dropped + 1)


def _without_markers(body: str) -> str:
    """Return ``body`` without markers; what looks like one in code stays, and so does the code."""
    pieces: list[str] = []
    end = 0
    for code in _CODE_SPAN.finditer(body):
        pieces += [_MARKERS.sub("", body[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, _MARKERS.sub("", body[end:])])


def is_in_language(text: str, language: str) -> bool:
    """Return whether ``text`` may stand in an answer in ``language``; a few words may be names in another."""
    letters = [character for character in text if character.isalpha()]
    foreign = sum(not (is_hangul(character) or character.isascii()) for character in letters)
    if letters and foreign / len(letters) > _FOREIGN_SHARE:
        return False
    if language == KOREAN:
        return len(text.split()) < _FEW_WORDS or hangul_share(text) >= 0.15
    return hangul_share(text) < 0.3


def _sentences(line: str) -> Iterator[str]:
    """Yield the sentences of ``line``, each with the markers that follow it, and a bullet with its first one."""
    line = _STOP_BEFORE_MARKER.sub(r"\1 ", line)
    prefix = _PREFIX.match(line)
    start = prefix.end() if prefix else 0
    body = line[start:]
    cuts: list[int] = []
    for span in sentence_spans(body):
        markers = _LEADING_MARKERS.match(body, span.start)
        if span.start and markers:
            cuts[-1:] = [span.start + len(markers.group().rstrip())] if cuts else []
            if markers.end() >= span.end:
                continue
        cuts.append(span.end)
    begin = 0
    for number, cut in enumerate(cuts):
        sentence = body[begin:cut] if number + 1 < len(cuts) else body[begin:]
        yield (line[:start] if not begin else "") + sentence
        begin = cut


def _dedented(text: str, written: Sequence[str]) -> list[str]:
    """Return the lines of ``text`` that were ``written``, as the note indents them."""
    return [line.rstrip() for line in text.split("\n") if line.strip() in written]
