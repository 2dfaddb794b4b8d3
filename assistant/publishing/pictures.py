"""Pictures that come with notes: which are taken, where they belong, and those that wait to go live."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from index.reading.figure_names import figure_type

FOLDER = "staged-pictures"
MAX_PICTURE_BYTES = 8 * 1024 * 1024
MAX_PICTURES = 500
_PART = ".part"
_DRAWING = "image/svg+xml"
_DRAWING_BEGINS_WITHIN = 4096
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM")


def wrong_with_picture(name: str, data: bytes) -> str:
    """Return what is wrong with the picture called ``name``: ``""``, or the kind of problem.

    ``picture_too_large``; ``not_picture``: its content is no picture, or a drawing (SVG) under another name.
    """
    if len(data) > MAX_PICTURE_BYTES:
        return "picture_too_large"
    is_drawing = b"<svg" in data[:_DRAWING_BEGINS_WITHIN].lower()
    is_photo = data.startswith(_BEGINNINGS) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp"
    fits = is_drawing and not is_photo if figure_type(name) == _DRAWING else is_photo
    return "" if fits else "not_picture"


def moved_with_notes(name: str, places: Mapping[str, str]) -> str:
    """Return where the picture called ``name`` belongs when notes are put at other ``places`` than they are called.

    So it stays beside its note: with ``course/a.md`` at ``a.md``, ``course/figures/x.png`` is at ``figures/x.png``.
    """
    moves: dict[tuple[str, ...], tuple[str, ...]] = {}
    for note, place in places.items():
        before, after = list(PurePosixPath(note).parent.parts), list(PurePosixPath(place).parent.parts)
        while before and after and before[-1] == after[-1]:
            before.pop()
            after.pop()
        moves[tuple(before)] = tuple(after)
    parts = PurePosixPath(name).parts
    for length in range(len(parts) - 1, -1, -1):
        if parts[:length] in moves:
            return PurePosixPath(*moves[parts[:length]], *parts[length:]).as_posix()
    return name


def pictures_below(folder: Path) -> dict[str, Path]:
    """Return every picture below ``folder`` by its place there, hidden ones left out."""
    found: dict[str, Path] = {}
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            if figure_type(file) and not file.startswith("."):
                path = Path(at, file)
                found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))


class StagedPictures:
    """The pictures that wait in ``data``, by their place below the notes' folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def files(self) -> dict[str, Path]:
        """Return the pictures that wait, by place."""
        return pictures_below(self._folder)

    def names(self) -> Sequence[str]:
        """Return the places of the pictures that wait."""
        return tuple(self.files())

    def put(self, place: str, data: bytes) -> None:
        """Let a picture wait, in place of one that waits at the same ``place``.

        :raises OSError: If it cannot be stored; then none of it is there.
        """
        target = self._folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}{_PART}")
        try:
            part.write_bytes(data)
            os.replace(part, target)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def drop(self, places: Iterable[str]) -> None:
        """Let the pictures at ``places`` wait no longer.

        :raises OSError: If one cannot be removed.
        """
        files = self.files()
        for place in places:
            if place in files:
                files[place].unlink()
        self._remove_empty_folders()

    def _remove_empty_folders(self) -> None:
        for at, _, _ in os.walk(self._folder, topdown=False):
            with contextlib.suppress(OSError):  # not empty
                Path(at).rmdir()

    def discard(self) -> None:
        """Forget all that wait.

        :raises OSError: If that cannot be done.
        """
        if self._folder.exists():
            shutil.rmtree(self._folder)
