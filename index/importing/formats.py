"""Which files can become notes: their endings, the reader of each, and what is looked at before a reader sees one."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePosixPath

from index.errors import NotesError, PackageMissingError
from index.importing.documents import ImportedDocument

#: More than any slides or book that are meant; a reader needs some times that in memory.
MAX_SOURCE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_SOURCE_BYTES = 512 * 1024 * 1024
_MOST_MEMBERS = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIPPED = (".pptx", ".pptm", ".docx", ".docm", ".xlsx", ".xlsm", ".hwpx")
_OLD = {
    ".ppt": ".pptx",
    ".doc": ".docx",
    ".xls": ".xlsx",
    ".odt": ".docx",
    ".odp": ".pptx",
    ".ods": ".xlsx",
    ".rtf": ".docx",
    ".key": ".pptx",
    ".pages": ".docx",
}
_INSTALL = 'pip install ".[import]"'


class NoNoteError(NotesError):
    """A file cannot become a note: ``kind`` names why, for those who say it in other words; ``detail`` says more."""

    def __init__(self, kind: str, sentence: str, detail: str = "") -> None:
        self.kind = kind
        self.detail = detail
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format by its reader, a function in a module below ``index.importing.readers``, and the packages it needs."""

    reader: str
    packages: tuple[str, ...] = ()


_PPTX = SourceFormat("slides.read_slides", ("pptx", "dochan"))
_DOCX = SourceFormat("word.read_word", ("mammoth", "lxml", "dochan"))
_HTML = SourceFormat("html_blocks.read_html", ("lxml",))
_XLSX = SourceFormat("sheets.read_workbook", ("openpyxl",))
_CSV = SourceFormat("sheets.read_csv")
_HWP = SourceFormat("hangul.read_hangul", ("dochan",))
FORMATS = {
    ".pdf": SourceFormat("pdf_pages.read_pdf", ("pdfplumber",)),
    ".pptx": _PPTX,
    ".pptm": _PPTX,
    ".docx": _DOCX,
    ".docm": _DOCX,
    ".html": _HTML,
    ".htm": _HTML,
    ".ipynb": SourceFormat("notebooks.read_notebook", ("nbformat", "lxml")),
    ".csv": _CSV,
    ".tsv": _CSV,
    ".xlsx": _XLSX,
    ".xlsm": _XLSX,
    ".hwp": _HWP,
    ".hwpx": _HWP,
}


def ending(name: str) -> str:
    """Return the ending of a file's name, in small letters and with its dot."""
    return PurePosixPath(name).suffix.lower()


def is_document(name: str) -> bool:
    """Return whether a file called ``name`` is a document by its ending, of a present or an older format."""
    return ending(name) in FORMATS or ending(name) in _OLD


def reader_of(name: str) -> Callable[[bytes, str], ImportedDocument]:
    """Return what reads a file called ``name``.

    :raises NoNoteError: If nothing does.
    :raises PackageMissingError: If what does needs packages that are not installed.
    """
    check_format(name)
    module, _, function = FORMATS[ending(name)].reader.partition(".")
    return getattr(import_module(f"index.importing.readers.{module}"), function)


def check_format(name: str) -> None:
    """Pass where a file called ``name`` can be read here.

    :raises NoNoteError: If nothing reads such files.
    :raises PackageMissingError: If packages are missing.
    """
    suffix = ending(name)
    if suffix in _OLD:
        raise NoNoteError(
            "old_format", f"{name}: save it as {_OLD[suffix]} (or PDF); {suffix} files are not read.", _OLD[suffix]
        )
    if suffix not in FORMATS:
        kinds = ", ".join(FORMATS)
        raise NoNoteError("unknown_format", f"{name}: no file of a kind that is read ({kinds}).", kinds)
    if any(find_spec(package) is None for package in FORMATS[suffix].packages):
        raise PackageMissingError(f"Importing {suffix} files needs more packages: {_INSTALL}")


def check_source(data: bytes, name: str) -> None:
    """Pass where a file is worth a reader's time: of a bearable size, not encrypted, no bomb.

    :raises NoNoteError: If it is not.
    """
    if not data.strip():
        raise NoNoteError("empty", f"{name}: the file is empty.")
    if len(data) > MAX_SOURCE_BYTES:
        raise too_large(name)
    suffix = ending(name)
    if suffix in _ZIPPED:
        if data.startswith(_OLE):
            if _ENCRYPTED_PACKAGE in data:
                raise encrypted(name)
            raise NoNoteError(
                "old_format", f"{name}: it is of an older format than its name says; save it as {suffix}.", suffix
            )
        _check_archive(data, name)


def encrypted(name: str) -> NoNoteError:
    """Return the error of a file that opens with a password."""
    return NoNoteError("encrypted", f"{name}: it opens with a password; save it without one.")


def too_large(name: str) -> NoNoteError:
    """Return the error of a file that is larger than what is read."""
    megabytes = MAX_SOURCE_BYTES // 2**20
    return NoNoteError("source_too_large", f"{name}: it is larger than {megabytes} MB; split it.")


def damaged(name: str, detail: str = "") -> NoNoteError:
    """Return the error of a file that its reader cannot read."""
    told = f" ({detail})" if detail else ""
    return NoNoteError("damaged", f"{name}: it is damaged or no {ending(name)} file{told}.", detail)


def _check_archive(data: bytes, name: str) -> None:
    """Look at what a zipped format says of its members; readers unpack no more than it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(name) from error
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_SOURCE_BYTES:
        megabytes = MAX_UNPACKED_SOURCE_BYTES // 2**20
        raise NoNoteError("bomb", f"{name}: unpacked it is larger than {megabytes} MB, and is not opened.")
    if any(member.flag_bits & 1 for member in members):
        raise encrypted(name)
