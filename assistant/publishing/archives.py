"""Takes uploads apart: notes and documents as they are, zip archives unpacked. Believes neither names nor sizes."""

import contextlib
import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.publishing.pictures import MAX_PICTURE_BYTES, MAX_PICTURES, wrong_with_picture
from index.importing.formats import is_document
from index.reading.figure_names import figure_type
from index.reading.note_names import composed, wrong_with
from index.reading.notes import MAX_NOTE_BYTES

MAX_UPLOAD_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_FILES = 500
#: A folder of notes is packed with its figures; each of them is told, too.
_MOST_OTHER_FILES = 2000
#: A folder is sent with all that lies in it.
MOST_FILES_SENT = 3000
MAX_SECONDS = 10.0
#: A list of the members of 1 MB has room for 20,000 of them; reading a list of 32 MB took a gigabyte.
_LONGEST_LIST_BYTES = 1024 * 1024
_LIST_END = b"PK\x05\x06"
_DEEPEST = 1  # archives inside of archives are unpacked, no deeper ones
_CHUNK = 256 * 1024
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # flags of a zip member
_COMMON_BYTES = 2  # a letter of KS X 1001; Python writes the others as several
_UNICODE_PATH = 0x7075  # the extra field with the name in UTF-8
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What systems leave in folders; nobody means to upload it.
_IGNORED = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_UNREADABLE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error)


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
    """Yield every note, document and picture among ``uploads`` and inside archives, and what is not taken.

    Names are composed.

    All uploads share the limits of ``MAX_UNPACKED_BYTES``, ``MAX_FILES`` and ``MAX_SECONDS``.
    """
    left, notes, others, deadline = MAX_UNPACKED_BYTES, 0, 0, time.monotonic() + MAX_SECONDS
    pictures = 0
    for upload in uploads:
        inside = _members(upload, deadline) if _is_archive(upload.name) else [upload]
        for item in inside:
            checked = _checked(item) if isinstance(item, Upload) else item
            if isinstance(checked, Upload):
                left -= len(checked.data)
                is_picture = figure_type(checked.name) is not None
                pictures += is_picture
                notes += not is_picture
            else:
                others += 1
            if left < 0 or notes > MAX_FILES or others > _MOST_OTHER_FILES:
                yield Rejected(checked.name, "archive_too_large" if left < 0 else "too_many")
                return
            if pictures > MAX_PICTURES and isinstance(checked, Upload) and figure_type(checked.name):
                checked = Rejected(checked.name, "too_many_pictures")
            yield checked


def names_in(upload: Upload) -> list[str]:
    """Return the names of the files in an upload, as far as they can be read; its own where it is no archive."""
    if not upload.name.lower().endswith(".zip"):
        return [upload.name]
    if _list_bytes(upload.data) > _LONGEST_LIST_BYTES:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            return [_name(member) for member in archive.infolist()]
    except _UNREADABLE:
        return []


def _checked(upload: Upload) -> Upload | Rejected:
    name = composed(upload.name.replace("\\", "/"))
    wrong = _wrong_with(name)
    if not wrong and figure_type(name):
        wrong = wrong_with_picture(name, upload.data)
    if wrong:
        return Rejected(telling(name), wrong)
    if figure_type(name):
        return Upload(name, upload.data)
    return Upload(name, upload.data) if len(upload.data) <= _most_bytes(name) else Rejected(name, "too_large")


def _wrong_with(name: str) -> str:
    """Return what is wrong with a name; pictures come with notes, and documents of other formats are notes to be."""
    wrong = wrong_with(name)
    return "" if wrong == "not_markdown" and (figure_type(name) or is_document(name)) else wrong


def _most_bytes(name: str) -> int:
    if figure_type(name):
        return MAX_PICTURE_BYTES
    return MAX_UPLOAD_BYTES if is_document(name) or _is_archive(name) else MAX_NOTE_BYTES


def telling(name: str) -> str:
    """Return ``name`` fit to be shown and stored, whatever it holds."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return shown if len(shown) <= 200 else f"{shown[:197]}…"


def _members(upload: Upload, deadline: float, depth: int = 0) -> Iterator[Upload | Rejected]:
    """Yield what an archive holds; one inside it is unpacked where it lies, as large exports come in parts.

    All of them share the limit of ``MAX_UNPACKED_BYTES``, the archives inside counted as well.
    """
    name = telling(composed(upload.name))
    if _list_bytes(upload.data) > _LONGEST_LIST_BYTES:
        yield Rejected(name, "too_many")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload.data))
    except _UNREADABLE:
        yield Rejected(name, "damaged_archive")
        return
    with archive:
        left = MAX_UNPACKED_BYTES
        for member in archive.infolist():
            if time.monotonic() > deadline:
                yield Rejected(name, "archive_too_slow")
                return
            for item in _opened(_member(archive, member, deadline), deadline, depth):
                left -= len(item.data) if isinstance(item, Upload) else 0
                if left < 0:
                    yield Rejected(name, "archive_too_large")
                    return
                if not (isinstance(item, Upload) and _is_archive(item.name)):
                    yield item


def _opened(item: Upload | Rejected | None, deadline: float, depth: int) -> Iterator[Upload | Rejected]:
    """Yield ``item``, and where it is an archive what it holds, in its folder; nothing for None."""
    if not isinstance(item, Upload) or not _is_archive(item.name):
        yield from [item] if item else []
        return
    if depth == _DEEPEST:
        yield Rejected(telling(item.name), "nested_archive")
        return
    yield item
    folder = item.name.rpartition("/")[0]
    for inside in _members(item, deadline, depth + 1):
        yield replace(inside, name=f"{folder}/{inside.name}") if folder else inside


def _is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def _list_bytes(data: bytes) -> int:
    """Return how long the list of members says that it is, before anything reads it."""
    end = data.rfind(_LIST_END, max(len(data) - 65557, 0))
    return struct.unpack_from("<L", data, end + 12)[0] if 0 <= end <= len(data) - 22 else 0


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, deadline: float) -> Upload | Rejected | None:
    """Return a member of an archive, why it is not taken, or None for what no one means."""
    name = composed(_name(member).replace("\\", "/"))
    parts = name.lower().split("/")
    if member.is_dir() or not _IGNORED.isdisjoint(parts) or parts[-1].startswith("._"):
        return None
    wrong = _wrong_with(name)
    if wrong == "not_markdown" and _is_archive(name):
        wrong = ""
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        wrong = "unsafe_name"  # a link, which would lead anywhere
    elif not wrong and member.flag_bits & _ENCRYPTED:
        wrong = "encrypted"
    elif not wrong and member.compress_type not in _PACKINGS:
        wrong = "odd_packing"
    return Rejected(telling(name), wrong) if wrong else _read(archive, member, name, deadline)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, deadline: float) -> Upload | Rejected:
    """Read a member up to the limit: what its header says of its size may be a lie."""
    data = bytearray()
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                data += chunk
                if len(data) > _most_bytes(name):
                    return Rejected(name, "picture_too_large" if figure_type(name) else "too_large")
                if time.monotonic() > deadline:
                    return Rejected(name, "archive_too_slow")
    except _UNREADABLE:
        return Rejected(name, "damaged_archive")
    return Upload(name, bytes(data))


def _name(member: zipfile.ZipInfo) -> str:
    """Return the member's name: UTF-8 where it says so, else what its bytes are likeliest to mean.

    Korean Windows writes CP949 and does not say so, older systems the characters of DOS (CP437). What both can read
    is Korean where most of its letters are of the common ones (KS X 1001): by chance they would hardly be.
    """
    stored = _unicode_path(member.extra)
    if stored is not None:
        return stored
    if member.flag_bits & _UTF8_NAME:
        return member.orig_filename
    raw = member.orig_filename.encode("cp437", "replace")
    with contextlib.suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    with contextlib.suppress(UnicodeDecodeError):
        korean = raw.decode("cp949")
        letters = [letter for letter in korean if not letter.isascii()]
        common = sum(len(letter.encode("euc_kr", "ignore")) == _COMMON_BYTES for letter in letters)
        if 2 * common >= len(letters):
            return korean
    return member.orig_filename


def _unicode_path(extra: bytes) -> str | None:
    """Return the name in UTF-8 that some archivers add beside the one of the system, if it is there."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and field[:1] == b"\1":
            return field[5:].decode("utf-8", "replace")
    return None
