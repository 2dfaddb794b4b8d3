"""Uploads of other formats as notes that wait: converted in processes of their own, named, and told what they lack."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.publishing.archives import Rejected, Upload, names_in
from index import NotesError
from index.importing.conversion import convert
from index.importing.converter_child import Converted
from index.importing.documents import Unread
from index.importing.formats import NoNoteError, is_document
from index.importing.imported_notes import imported_text, note_names_for, read_imported
from index.reading.layout.note_files import NoteFile
from index.reading.note_names import note_stem, wrong_with

#: Less than on the command line: others ask something meanwhile.
UPLOAD_CONVERSION_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class ConvertedUpload:
    """An upload with the Markdown that its file became."""

    upload: Upload
    converted: Converted


@dataclass(frozen=True, slots=True)
class NoteToWait:
    """A note as it was uploaded, or was made of the file called ``source``, with what it does not hold of that.

    ``is_edited`` says whether the note whose place it takes was made of the same file, and changed by hand since.
    """

    upload: Upload
    source: str
    unread: tuple[Unread, ...] = ()
    is_edited: bool = False


Received = Upload | Rejected | ConvertedUpload


def holds_documents(upload: Upload) -> bool:
    """Return whether ``upload`` is a document of another format, or an archive that holds one by its names."""
    return any(map(is_document, names_in(upload)))


def convert_documents(
    items: Iterable[Upload | Rejected], progress: Callable[[int, int], object] | None = None
) -> Iterator[Received]:
    """Yield ``items``, those of other formats converted; a file that cannot be is rejected, its kind ``import_…``."""
    received = list(items)
    total = sum(isinstance(item, Upload) and is_document(item.name) for item in received)
    done = 0
    for item in received:
        if isinstance(item, Upload) and is_document(item.name):
            if progress is not None:
                progress(done, total)
            yield _converted(item)
            done += 1
        else:
            yield item


def _converted(upload: Upload) -> ConvertedUpload | Rejected:
    try:
        name = PurePosixPath(upload.name).name
        return ConvertedUpload(upload, convert(upload.data, name, UPLOAD_CONVERSION_SECONDS))
    except NoNoteError as error:
        return Rejected(upload.name, f"import_{error.kind}")
    except NotesError:
        return Rejected(upload.name, "import_packages")


def as_note(
    item: Received,
    place_of: Callable[[str], str],
    live: Mapping[str, NoteFile],
    waiting: Mapping[str, NoteFile],
) -> NoteToWait | Rejected:
    """Return ``item`` as a note: what was converted under the name of the note that was made of this file before.

    :param place_of: Where a note of a name belongs.
    :param live: The notes in force by the stem of their names, and those that are ``waiting``.
    """
    if isinstance(item, Rejected):
        return item
    if isinstance(item, Upload):
        return NoteToWait(item, item.name)
    source = PurePosixPath(item.upload.name).name
    for candidate in note_names_for(item.upload.name):
        if wrong_with(candidate):
            return Rejected(item.upload.name, "long_name")
        stem = note_stem(place_of(candidate))
        texts = [_text(notes[stem]) for notes in (live, waiting) if stem in notes]
        known = [read_imported(text) for text in texts]
        if any(one is None or one.source != source for one in known):
            continue
        text = imported_text(item.converted, source, item.upload.data, texts[0] if texts else "")
        is_edited = stem in live and known[0] is not None and known[0].is_edited
        return NoteToWait(Upload(candidate, text.encode()), item.upload.name, item.converted.unread, is_edited)
    return Rejected(item.upload.name, "import_name_taken")


def _text(note: NoteFile) -> str:
    try:
        return note.path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
