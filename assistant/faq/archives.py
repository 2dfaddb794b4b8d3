"""Takes uploaded files apart: Markdown as it is, zip archives unpacked. Believes neither names nor sizes."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.notes import MAX_NOTE_BYTES

MAX_UPLOAD_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_FILES = 500
_LONGEST_NAME = 200
_UTF8_NAME = 0x800  # the flag of a zip member whose name is UTF-8
_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file: its name, with folders where it comes from an archive, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not taken; ``kind`` names the reason."""

    name: str
    kind: str


def unpacked(uploads: Sequence[Upload]) -> Iterator[Upload | Rejected]:
    """Yield every Markdown file among ``uploads`` and inside archives, and what is not taken."""
    left = MAX_UNPACKED_BYTES
    for upload in uploads:
        inside = _members(upload) if upload.name.lower().endswith(".zip") else [upload]
        for item in inside:
            checked = _checked(item) if isinstance(item, Upload) else item
            if isinstance(checked, Upload):
                left -= len(checked.data)
                if left < 0:
                    yield Rejected(checked.name, "archive_too_large")
                    return
            yield checked


def _checked(upload: Upload) -> Upload | Rejected:
    name = upload.name.replace("\\", "/")
    if not is_safe(name):
        return Rejected(upload.name, "unsafe_name")
    if not name.lower().endswith(".md"):
        return Rejected(name, "not_markdown")
    if len(upload.data) > MAX_NOTE_BYTES:
        return Rejected(name, "too_large")
    return Upload(name, upload.data)


def is_safe(name: str) -> bool:
    """Return whether ``name`` is a relative path that stays inside its folder and hides nothing."""
    parts = name.split("/")
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and ":" not in name
        and not PurePosixPath(name).is_absolute()
        and all(part and not part.startswith(".") and part == part.strip() for part in parts)
    )


def _members(upload: Upload) -> Iterator[Upload | Rejected]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload.data))
    except zipfile.BadZipFile:
        yield Rejected(upload.name, "damaged_archive")
        return
    with archive:
        left = MAX_UNPACKED_BYTES
        for member in archive.infolist()[: 4 * MAX_FILES]:
            name = _name(member)
            if member.is_dir() or any(part in _IGNORED for part in name.split("/")):
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                yield Rejected(name, "unsafe_name")
            elif not name.lower().endswith(".md"):
                yield Rejected(name, "not_markdown")
            else:
                read = _read(archive, member, name)
                left -= len(read.data) if isinstance(read, Upload) else MAX_NOTE_BYTES
                if left < 0:
                    yield Rejected(upload.name, "archive_too_large")
                    return
                yield read


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Upload | Rejected:
    """Read a member up to the limit: what its header says of its size may be a lie."""
    try:
        with archive.open(member) as stream:
            data = stream.read(MAX_NOTE_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error):
        return Rejected(name, "damaged_archive")  # cut off, encrypted, or packed in a way that Python does not know
    return Upload(name, data) if len(data) <= MAX_NOTE_BYTES else Rejected(name, "too_large")


def _name(member: zipfile.ZipInfo) -> str:
    """Return the member's name; Korean Windows writes it in CP949 and does not say so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp949", "replace")
