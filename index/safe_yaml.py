"""Reads YAML into lists, mappings and texts, whatever stands in it: no objects, no numbers or dates, no recursion.

PyYAML's events are put together here, one after the other: its own composer and constructor call themselves for each
level of nesting, which ends the process at some tens of thousands, and unfold aliases of aliases without bound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from index.errors import ContentError

MAX_YAML_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_TEXT_CHARACTERS = 10_000
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ODD_CHARACTER = "the file cannot be read as YAML: it holds a character that no text file should"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Rows(list[Any]):
    """A YAML list; ``lines`` holds the 1-based line of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read, and the key that waits for its value."""

    value: Any
    key: str | None = None


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - anything can stand in a YAML file
    """Return what the YAML file at ``path`` holds; see :func:`yaml_text` and :func:`parse_yaml` for errors."""
    return parse_yaml(yaml_text(path), path)


def yaml_text(path: Path) -> str:
    """Return the text of a YAML file, a byte order mark removed.

    :raises ContentError: If it is unreadable, too large or not UTF-8.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_YAML_BYTES + 1)
    except OSError as error:
        raise ContentError(f"the file cannot be read: {error.strerror}", path) from error
    if len(data) > MAX_YAML_BYTES:
        raise ContentError(f"the file cannot be read: it is over the limit of {MAX_YAML_BYTES / 1e6:.1f} MB", path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError("the file cannot be read: not UTF-8 text; save it as UTF-8", path, line) from error


def parse_yaml(text: str, path: Path | str = "YAML", *, foreign: bool = False) -> Any:  # noqa: ANN401
    """Return what ``text`` holds: texts, None for nothing, mappings, and lists as :class:`Rows`.

    Numbers, dates and words like ``no`` stay the texts that they are. An alias may stand for a text only.

    :param path: What errors name as the place.
    :param foreign: The file is another program's: tags are passed over, unfollowed, the last of equal names counts, and
        an alias that stands for anything but a text is nothing.
    :raises ContentError: If ``text`` is not one such document; the message names the line.
    """
    try:
        events: Iterator[Any] = cast("Any", yaml).parse(text, Loader=_PARSER)
        return _document(events, path, foreign)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"the file cannot be read as YAML: {error.problem or error.context}"
        raise ContentError(reason, path, mark.line + 1 if mark else None) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
        raise ContentError(_ODD_CHARACTER, path, line) from error
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ContentError(_ODD_CHARACTER, path, line) from error


def _document(events: Iterator[Any], path: Path | str, foreign: bool) -> Any:  # noqa: ANN401
    root = Rows()
    open_values = [_Open(root)]
    texts: dict[str, str | None] = {}
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in texts and not foreign:
                raise ContentError("an alias (*) may stand for a text only", path, line)
            _add(open_values[-1], texts.get(event.anchor), line, path, foreign)
        elif isinstance(event, yaml.ScalarEvent):
            if event.tag is not None and not foreign:
                raise ContentError(f"tags ({event.tag}) are not read", path, line)
            value = _scalar(event, path, line)
            if event.anchor:
                texts[event.anchor] = value
            _add(open_values[-1], value, line, path, foreign)
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.tag is not None and not foreign:
                raise ContentError(f"tags ({event.tag}) are not read", path, line)
            if len(open_values) > MAX_DEPTH:
                raise ContentError(f"more than {MAX_DEPTH} lists and mappings within each other", path, line)
            texts.pop(event.anchor or "", None)
            collection: Any = Rows() if isinstance(event, yaml.SequenceStartEvent) else {}
            _add(open_values[-1], collection, line, path, foreign)
            open_values.append(_Open(collection))
        elif isinstance(event, yaml.CollectionEndEvent):
            open_values.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            raise ContentError("more than one document in one file", path, line)
    return root[0] if root else None


def _scalar(event: Any, path: Path | str, line: int) -> str | None:  # noqa: ANN401
    value: str = event.value
    if len(value) > MAX_TEXT_CHARACTERS:
        raise ContentError(f"a text of more than {MAX_TEXT_CHARACTERS:,} characters", path, line)
    return None if not event.style and value in _NOTHING else value


def _add(place: _Open, value: Any, line: int, path: Path | str, foreign: bool) -> None:  # noqa: ANN401
    """Put ``value`` into the list or mapping that is open: there first as a key, then as its value."""
    if isinstance(place.value, Rows):
        place.value.append(value)
        place.value.lines.append(line)
    elif place.key is None:
        if value is None and foreign:
            value = ""
        if not isinstance(value, str):
            raise ContentError("the name of an entry must be a text", path, line)
        if value in place.value and not foreign:
            raise ContentError(f"the name {value!r:.80} stands twice in one entry", path, line)
        place.key = value
    else:
        place.value[place.key], place.key = value, None
