"""Joins lines that a page's width broke: words that a hyphen parts, and Korean words that nothing parts."""

import re
from collections.abc import Iterable, Sequence

from index.language.languages import is_hangul

_HYPHENATED = re.compile(r"\b\w+(?:-\w+)+\b")
_HYPHENS = ("-", "\u2010", "\u00ad")


class LineJoiner:
    """Joins the lines of one document; what stands in it unbroken tells how broken words are joined."""

    def __init__(self) -> None:
        self._compounds: set[str] = set()
        self._kiwi = None

    def learn(self, lines: Iterable[str]) -> None:
        """Learn from ``lines`` which words are written with a hyphen."""
        for line in lines:
            if "-" in line:
                self._compounds.update(word.lower() for word in _HYPHENATED.findall(line))

    def joined(self, lines: Sequence[str]) -> str:
        """Return ``lines`` as one."""
        whole = ""
        for line in lines:
            text = line.strip()
            whole = self._pair(whole, text) if whole and text else whole or text
        return whole

    def _pair(self, before: str, after: str) -> str:
        if before.endswith(_HYPHENS) and before[-2:-1].isalpha() and after[0].isalpha():
            return self._hyphenated(before, after)
        if is_hangul(before[-1]) and is_hangul(after[0]):
            return f"{before}{' ' if self._is_parted(before, after) else ''}{after}"
        return f"{before} {after}"

    def _hyphenated(self, before: str, after: str) -> str:
        first, second = before[:-1].rsplit(maxsplit=1)[-1], after.split(maxsplit=1)[0].rstrip(".,;:!?)")
        is_compound = f"{first}-{second}".lower() in self._compounds or after[0].isupper()
        return f"{before}{after}" if is_compound and before[-1] != "\u00ad" else f"{before[:-1]}{after}"

    def _is_parted(self, before: str, after: str) -> bool:
        """Return whether a space stood between two lines of Korean: pages part its words anywhere."""
        if self._kiwi is None:
            from kiwipiepy import Kiwi

            self._kiwi = Kiwi(num_workers=1, load_multi_dict=False)
        _, spaces = self._kiwi.glue([before[-60:], after[:60]], return_space_insertions=True)
        return bool(spaces[0])
