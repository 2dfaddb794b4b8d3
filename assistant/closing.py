"""What ends an answer as Markdown: the nearest sections where the notes don't say, and the sources of what they say."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.safe_markdown import safe
from index.language.languages import KOREAN
from index.reading.note_names import shown_name

_NEAREST = {"ko": "혹시 이 부분을 찾으셨나요?", "en": "Perhaps you were looking for one of these:"}
_SOURCES = {"ko": "출처", "en": "Sources"}


class _Place(Protocol):
    """Where lines of the notes stand."""

    @property
    def module(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def file(self) -> str: ...
    @property
    def first_line(self) -> int: ...
    @property
    def last_line(self) -> int: ...


class _Cited(_Place, Protocol):
    @property
    def marker(self) -> int: ...


def closing(suggestions: Sequence[_Place], citations: Sequence[_Cited], language: str) -> Iterator[str]:
    """Yield the paragraphs that end an answer; none where it has neither suggestions nor citations."""
    if suggestions:
        places = [f"- {_where(place, [place], language)}" for place in suggestions]
        yield "\n".join([_NEAREST[language], "", *places])
    if citations:
        yield "\n".join([f"**{_SOURCES[language]}**", "", *_sources(citations, language)])


def _sources(citations: Sequence[_Cited], language: str) -> Iterator[str]:
    """Yield one line a section: markers, module and headings, file, lines."""
    by_section: dict[tuple[str, str, tuple[str, ...]], list[_Cited]] = {}
    for citation in citations:
        by_section.setdefault((citation.file, citation.module, citation.heading_path), []).append(citation)
    for group in by_section.values():
        markers = " ".join(f"[{citation.marker}]" for citation in group)
        yield f"- {markers} {_where(group[0], group, language)}"


def _where(place: _Place, spans: Sequence[_Place], language: str) -> str:
    module, path = place.module, place.heading_path
    names = path if module in path else (module, *steps_below(place))
    shown = " › ".join(safe(name).replace("[", "\\[") for name in names if name)
    lines = line_numbers([(span.first_line, span.last_line) for span in spans], language)
    return f"{shown} · `{shown_name(place.file)}` {lines}"


def steps_below(place: _Place) -> tuple[str, ...]:
    """Return the headings that the module's name does not say already: ``Week 3: Storage`` says ``Storage``."""
    module = place.module
    return tuple(step for step in place.heading_path if step != module and not module.endswith(f": {step}"))


def line_numbers(spans: Sequence[tuple[int, int]], language: str) -> str:
    """Return lines as a source gives them: ``149행, 151–153행`` or ``lines 149, 151–153``."""
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    if language == KOREAN:
        return ", ".join(f"{text}행" for text in texts)
    single = len(spans) == 1 and spans[0][0] == spans[0][1]
    return f"{'line' if single else 'lines'} {', '.join(texts)}"
