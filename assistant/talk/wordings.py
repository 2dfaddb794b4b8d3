"""Reads tables of wordings: YAML files of patterns by group and name, with words of the table's own put in."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from index.safe_yaml import parse_yaml

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"\{([a-z_]+)\}")


@cache
def alternatives(table: str, group: str) -> Mapping[str, str]:
    """Return the patterns of ``group`` in the table, by name in order; what stands in several rows is alternatives.

    A word ``{such}`` in a pattern stands for the table's ``words.such``, which may hold further words.

    :raises KeyError: If a word or the group is missing.
    """
    read: Any = parse_yaml((_FOLDER / f"{table}.yaml").read_text(encoding="utf-8"))
    words: Mapping[str, str] = read.get("words", {})
    rows: Mapping[str, Sequence[str]] = read[group]
    return {name: _filled("|".join(patterns), words) for name, patterns in rows.items()}


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    while found := _WORD.search(pattern):
        pattern = pattern.replace(found.group(), words[found[1]])
    return pattern


@cache
def rows_of(table: str, group: str) -> Mapping[str, str]:
    """Return the texts of ``group`` in the table, by name in order.

    :raises KeyError: If the group is missing.
    """
    read: Any = parse_yaml((_FOLDER / f"{table}.yaml").read_text(encoding="utf-8"))
    return read[group]
