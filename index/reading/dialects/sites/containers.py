"""Shows containers, which a line opens and a line closes, as callouts: what stands between the two is quoted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.reading.dialects.translation import Translation

MARGIN = " \t>"
_DEEPEST = 12  # what is deeper in containers is shown without them, lest lines grow beyond all bounds


@dataclass(frozen=True, slots=True)
class Container:
    """A container's lines, from 0: ``first`` opens it and ``last`` closes it; it begins at ``column``."""

    first: int
    last: int
    column: int


def margin(line: str) -> int:
    """Return how many characters before the text of ``line`` are white space and quotation marks."""
    return len(line) - len(line.lstrip(MARGIN))


def emptied(line: str) -> str:
    """Return ``line`` without what it says: its quotation marks, where it stands in a quotation."""
    return line[: margin(line)].rstrip()


def callout(kind: str, title: str = "") -> str:
    """Return the line that a callout begins with; ``kind`` is any word."""
    return f"> [!{kind.upper()}] {title.strip()}".rstrip()


def bold(title: str) -> str:
    """Return a line that says ``title`` in bold letters, empty where it is."""
    title = title.strip().replace("**", "")
    return f"**{title}**" if title else ""


def quote(note: Translation, spans: Iterable[Container]) -> None:
    """Quote the lines inside of ``spans``, which lie in each other or apart and are in no order."""
    ahead = sorted(spans, key=lambda span: (-span.first, span.last))
    opened: list[Container] = []
    number = ahead[-1].first if ahead else len(note.lines)
    while number < len(note.lines) and (ahead or opened):
        while opened and opened[-1].last < number:
            opened.pop()
        if opened:
            inside = opened[:-1] if opened[-1].last == number else opened
            note.lines[number] = _quoted(note.lines[number], inside[:_DEEPEST])
        while ahead and ahead[-1].first <= number:
            opened.append(ahead.pop())
        number += 1


def _quoted(line: str, containers: Sequence[Container]) -> str:
    """Return ``line`` with a quotation mark where each of ``containers``, from the outermost, begins."""
    if not containers:
        return line
    width = margin(line)
    head = line[:width]
    if width == len(line):
        head = head.ljust(containers[-1].column)
    pieces: list[str] = []
    done = 0
    for container in containers:
        column = min(max(container.column, done), len(head))
        pieces += [head[done:column], "> "]
        done = column
    quoted = f"{''.join(pieces)}{head[done:]}{line[width:]}"
    return quoted if width < len(line) else quoted.rstrip()
