"""The process that turns one file into Markdown: bounded in memory, and gone when it is done or stuck.

It reads the file's bytes from standard input and writes one JSON record: :class:`Converted`, or :class:`NotConverted`.
"""

import contextlib
import json
import os
import sys
from dataclasses import dataclass

from index.errors import NotesError
from index.importing.documents import Unread
from index.importing.formats import NoNoteError, check_source, damaged, encrypted, reader_of
from index.importing.note_writer import document_language, note_markdown
from index.json_values import json_values

#: What libraries and a file's content may take; a reader that needs more is ended by an error of its own.
MEMORY_BYTES = 2 * 1024 * 1024 * 1024
#: Whoever asks waits a shorter time; this ends a process that nobody waits for any more.
CPU_SECONDS = 900
_NICENESS = 5
_DETAIL_CHARACTERS = 200
#: What libraries name their error for a password; the classes are many, and known only once a library is loaded.
_PASSWORD_ERRORS = ("PDFPasswordIncorrect", "PasswordError")


@dataclass(frozen=True, slots=True)
class Converted:
    """A file as Markdown without front matter, the number of its pages, and what could not be read."""

    markdown: str
    title: str
    language: str
    pages: int
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class NotConverted:
    """Why there is no Markdown."""

    kind: str
    sentence: str
    detail: str = ""


def converted(data: bytes, name: str, title: str) -> Converted:
    """Return the file called ``name`` as Markdown; ``title`` stands where it says none.

    :raises NoNoteError: If it is damaged, encrypted, too large or holds nothing.
    :raises PackageMissingError: If packages are missing.
    """
    check_source(data, name)
    reader = reader_of(name)
    try:
        document = reader(data, title)
    except NoNoteError as error:  # a reader knows the document's title, not its file
        raise NoNoteError(error.kind, f"{name}: {str(error).partition(': ')[2]}", error.detail) from error
    except MemoryError:
        raise
    except RecursionError as error:
        raise damaged(name, "it nests too deep") from error
    except Exception as error:  # whatever a library makes of whatever a file holds
        if any(kind in repr((error, error.__cause__, error.__context__)) for kind in _PASSWORD_ERRORS):
            raise encrypted(name) from error
        raise damaged(name, f"{type(error).__name__}: {str(error)[:_DETAIL_CHARACTERS]}".strip(": ")) from error
    if not any(page.blocks or page.title for page in document.pages) and not any(
        one.kind in ("scanned", "ocr_failed", "pictures") for one in document.unread
    ):
        raise NoNoteError("nothing_in_it", f"{name}: there is no text in it.")
    if not any(page.blocks or page.title for page in document.pages):
        raise NoNoteError("only_pictures", f"{name}: there are only pictures in it; install tesseract to read them.")
    markdown = note_markdown(document)
    return Converted(markdown, document.title, document_language(document), len(document.pages), document.unread)


def main() -> None:
    """Convert what comes on standard input; the arguments are the file's name, and the title where it says none."""
    name, title = sys.argv[1:3]
    _bound()
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)  # whoever asks something meanwhile goes first
    data = sys.stdin.buffer.read()
    # Libraries print warnings wherever they like; what is printed here is the record alone.
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        record: Converted | NotConverted = converted(data, name, title)
    except NoNoteError as error:
        record = NotConverted(error.kind, str(error), error.detail)
    except NotesError as error:
        record = NotConverted("packages", str(error))
    except MemoryError:
        record = NotConverted("out_of_memory", f"{name}: reading it needs more memory than a file may take.")
    out.write(json.dumps(json_values(record)))
    out.flush()


def _bound() -> None:
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
