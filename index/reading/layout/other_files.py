"""Tells in a few words what a folder holds that has no note: which kinds of files, and what can be done with them."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from index.reading.layout.not_notes import PassedOver

_MOST_FILES = 5000
_KINDS = {
    **dict.fromkeys((".pdf",), "PDF"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".key"), "slide"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf"), "Word"),
    **dict.fromkeys((".hwp", ".hwpx"), "HWP"),
    **dict.fromkeys((".html", ".htm"), "HTML"),
    **dict.fromkeys((".ipynb",), "notebook"),
    **dict.fromkeys((".csv", ".tsv", ".xls", ".xlsx"), "table"),
    **dict.fromkeys((".txt", ".rst", ".adoc", ".org", ".tex"), "text"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".heic"), "image"),
    **dict.fromkeys((".zip", ".7z", ".tar", ".gz"), "archive"),
}
_DOCUMENTS = frozenset({"PDF", "slide", "Word", "HWP", "HTML", "notebook", "table"})
_OTHER = "other"


def told_of_others(folder: Path, passed_over: Sequence[PassedOver]) -> str:
    """Return what follows "holds no Markdown note": what there is instead; ``""`` of an empty folder."""
    counted = _counted(folder)
    told = f", but {_listed(counted)}" if counted else ""
    if passed_over:
        told += f"; left out on purpose: {', '.join(str(item.file) for item in passed_over[:3])}"
        told += " and more" if len(passed_over) > 3 else ""
        told += " (`python -m index check` says why)"
    if not _DOCUMENTS.isdisjoint(counted):
        told += "; `python -m index import` turns documents into notes"
    return told


def _counted(folder: Path) -> Counter[str]:
    """Return how many files of each kind lie below ``folder``, hidden ones and notes not counted."""
    found: Counter[str] = Counter()
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        for name in files:
            suffix = PurePosixPath(name).suffix.casefold()
            if not name.startswith(".") and not suffix.startswith((".md", ".markdown", ".qmd", ".rmd")):
                found[_KINDS.get(suffix, _OTHER)] += 1
        if found.total() > _MOST_FILES:
            break
    return found


def _listed(counted: Counter[str]) -> str:
    """Return ``3 PDF and 12 image files``, documents first."""
    kinds = sorted(counted, key=lambda kind: (kind not in _DOCUMENTS, kind == _OTHER, -counted[kind], kind))
    named = [f"{counted[kind]:,} {kind}" for kind in kinds]
    files = "file" if counted.total() == 1 else "files"
    return f"{', '.join(named[:-1])} and {named[-1]} {files}" if len(named) > 1 else f"{named[0]} {files}"
