"""Wikilinks of Obsidian and its like, ``[[page#heading|alias]]``, and what is embedded with ``![[…]]``."""

import re

from index.reading.dialects.translation import Translation
from index.reading.dialects.whole_lines import address_of, map_lines

_LINK = re.compile(r"(!?)\[\[([^\[\]\n]{1,600})\]\]")
_NO_LINK_AFTER = re.compile(r"[A-Za-z0-9_\])]")  # an index of a list: x[[1]]
_NO_PAGE = re.compile(r"[\s\"']|[\d\s,.;:+*/-]*\Z")  # a test of a shell, numbers in a matrix
_BAR = re.compile(r"\\?\|")
_FIGURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif")
_FILES = (*_FIGURES, ".pdf", ".mp3", ".mp4", ".m4a", ".mov", ".wav", ".ogg", ".webm", ".canvas", ".csv", ".zip")
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")
_SEE = "→ "
_BELOW = " › "


def translate_lines(note: Translation) -> None:
    """Make links of wikilinks, images of embedded figures, and links with an arrow of what else is embedded."""
    map_lines(note, lambda line: _LINK.sub(_translated, line), only=lambda line: "[[" in line)


def _translated(link: re.Match[str]) -> str:
    before = link.string[link.start() - 1 : link.start()]
    target, *rest = _BAR.split(link[2])
    if (not link[1] and _NO_LINK_AFTER.match(before)) or before == "\\" or _NO_PAGE.match(target):
        return link[0]
    page, _, anchor = target.strip().partition("#")
    if link[1] and page.lower().endswith(_FIGURES):
        told = " ".join(part.strip() for part in rest if not _SIZE.fullmatch(part.strip()))
        return f"![{told}]({address_of(page)})"
    shown = rest[-1].strip() if rest else _name(page, anchor)
    if link[1] and rest and _SIZE.fullmatch(shown):
        shown = _name(page, anchor)
    file = page if not page or page.lower().endswith((*_FILES, ".md")) else f"{page}.md"
    return f"{_SEE if link[1] else ''}[{shown}]({address_of(f'{file}#{anchor}' if anchor else file)})"


def _name(page: str, anchor: str) -> str:
    """Return what a link without an alias shows: the page's name and headings; a block's id is no name."""
    name = page.rpartition("/")[2].removesuffix(".md")
    steps = [name] if page.lower().endswith(_FILES) else [name, *anchor.split("#")]
    return _BELOW.join(step.strip() for step in steps if step.strip() and not step.startswith("^")) or "…"
