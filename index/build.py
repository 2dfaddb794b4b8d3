"""Builds an index from a folder of notes: incremental, atomic, one build at a time."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index import store
from index.deciding import abstention
from index.deciding.other_subjects import FILE as OTHER_SUBJECTS
from index.deciding.other_subjects import word_counts
from index.deciding.subject import learn_subject
from index.encoding import centring
from index.encoding.centring import Vectors, centre, generic_questions, mean_vector
from index.encoding.encoder import Encoder
from index.encoding.shipped_vectors import ShippedVectorsEncoder
from index.errors import IndexUnavailableError, StorageError
from index.language.concepts import finder_of
from index.language.general_terms import FILE as GENERAL_TERMS
from index.language.general_terms import general_terms
from index.language.glossary import EVERYDAY_WORDS, FILE_NAME, SHIPPED, shipped_glossary
from index.language.languages import LANGUAGES
from index.ranking.attachment import Attacher, known_questions
from index.ranking.course_administration import FILE as COURSE_ADMINISTRATION
from index.ranking.dense import GrainIndex
from index.ranking.lexical import LexicalIndex
from index.reading import passages
from index.reading.course import Course, read_course
from index.reading.facts import known_questions_file
from index.reading.layout.course_layout import layout_files
from index.reading.layout.note_files import find_notes
from index.reading.notes import unpaired_editions
from index.records import Grain, LeftOut, ModuleRule, Passage
from index.search import Searcher
from index.store import FORMAT_VERSION, Manifest, StoredIndex

Progress = Callable[[int, int], object]
_LOCK_SECONDS = 600.0
_NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``encoded`` passages were new, of ``reused`` ones the vectors were known.

    ``warnings`` are sentences, those on files that were left out included.
    """

    notes: int
    sections: int
    passages: int
    encoded: int
    reused: int
    seconds: float
    warnings: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def summary(self) -> str:
        """Return the summary line."""
        return (
            f"{self.notes} notes, {self.sections} sections, {self.passages} passages, "
            f"{self.encoded} encoded, {self.reused} reused, {self.seconds:.1f} seconds"
        )


def settings_of_build(rule: ModuleRule = ModuleRule.AUTO) -> dict[str, Any]:
    """Return the settings that decide what an index holds; another value makes it stale.

    :param rule: What is cited as a module.
    """
    shipped = (*SHIPPED, EVERYDAY_WORDS, GENERAL_TERMS, OTHER_SUBJECTS, COURSE_ADMINISTRATION)
    return {
        "reading_version": passages.READING_VERSION,
        "modules": rule.value,
        "chunk_characters": passages.CHUNK_CHARACTERS,
        "line_characters": passages.LINE_CHARACTERS,
        "question_share": centring.QUESTION_SHARE,
        "data": hashlib.sha256(
            b"".join(text.encode() for language in LANGUAGES for text in generic_questions(language))
            + b"".join(path.read_bytes() for path in shipped)
        ).hexdigest()[:16],
    }


def note_checksums(notes: Path) -> dict[str, str]:
    """Return the SHA-256 of every note, and of the files beside them that an index is made from, by relative path.

    Files that are left out count as well: an index is stale when they are mended, renamed or become readable.

    :raises EmptyContentError: If there is no note.
    """
    found = find_notes(notes)
    checksums = {double.name: _NOT_READ for double in found.doubles}
    checksums |= {note.name: _checksum(note.path) for note in found.notes}
    checksums |= {name: _checksum(path) for name, path in layout_files(notes, found).items()}
    glossary = notes / FILE_NAME
    if glossary.is_file():
        checksums[glossary.name] = _checksum(glossary)
    known = known_questions_file(notes)
    return checksums | ({known.name: _checksum(known)} if known else {})


def _checksum(path: Path) -> str:
    try:
        return store.file_checksum(path)
    except OSError:
        return _NOT_READ


def is_stale(manifest: Manifest, notes: Path, encoder_name: str, rule: ModuleRule = ModuleRule.AUTO) -> bool:
    """Return whether the notes, the encoder's name or the settings have changed since the index was built."""
    return (
        manifest.encoder != encoder_name
        or manifest.settings != settings_of_build(rule)
        or manifest.note_checksums != note_checksums(notes)
    )


def build(
    notes_folder: Path,
    folder: Path,
    encoder: Encoder,
    encoder_name: str,
    progress: Progress | None = None,
    rule: ModuleRule = ModuleRule.AUTO,
) -> BuildReport:
    """Build the index of ``notes_folder`` into ``folder``, encoding only texts that are new and do not ship.

    :param progress: Called with (done, in all) while encoding: passages, known questions, texts that tell the subject.
    :param rule: What is cited as a module.
    A file that cannot be used is left out and named in the report and the manifest.

    :raises ContentError: If no note can be used; the old index stays.
    :raises StorageError: If the folder cannot be written, or another build holds it too long; the old index stays.
    """
    started = time.perf_counter()
    checksums = note_checksums(notes_folder)
    course = read_course(notes_folder, rule)
    notes = course.notes
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
            known = ShippedVectorsEncoder(encoder)
            previous = _previous(folder, encoder)
            stored, encoded = _assemble(course, checksums, previous, known, encoder_name, rule, progress)
            store.save(folder, stored)
    except Timeout as error:
        raise StorageError(f"Another build has held {folder} for {_LOCK_SECONDS:.0f} seconds.") from error
    except OSError as error:
        raise StorageError(f"The index folder {folder} cannot be written: {error.strerror}") from error
    total = len(stored.passages)
    return BuildReport(
        notes=len(notes),
        sections=sum(len(note.sections) for note in notes),
        passages=total,
        encoded=encoded,
        reused=total - encoded,
        seconds=time.perf_counter() - started,
        warnings=(*map(str, course.left_out), *unpaired_editions(notes)),
        left_out=course.left_out,
    )


def _previous(folder: Path, encoder: Encoder) -> StoredIndex | None:
    """Return the old index if its vectors can be reused."""
    try:
        previous = store.load(folder)
    except IndexUnavailableError:
        return None
    return previous if previous.manifest.fingerprint == encoder.fingerprint else None


def _assemble(
    course: Course,
    checksums: dict[str, str],
    previous: StoredIndex | None,
    encoder: ShippedVectorsEncoder,
    encoder_name: str,
    rule: ModuleRule,
    progress: Progress | None,
) -> tuple[StoredIndex, int]:
    sections = [section for note in course.notes for section in note.sections]
    general = general_terms(note.shown for note in course.notes)
    finder = finder_of((*course.glossary, *shipped_glossary(), *general))
    all_passages = tuple(passage for section in sections for passage in passages.passages(section, finder))
    vectors, encoded = _vectors(all_passages, previous, encoder, progress)
    lexical = LexicalIndex.build(sections, finder)
    attacher = Attacher(sections, all_passages, vectors, lexical, finder)
    attached = attacher.attach(course.facts, encoder, own=course.has_own_facts) if course.facts else []
    generic = _question_vectors(previous, encoder, rule)
    known = known_questions(attached, previous.known if previous else None, encoder, lexical, generic, progress)
    subject = learn_subject(
        all_passages,
        sections,
        previous.subject if previous else None,
        encoder,
        generic,
        word_counts(finder),
        progress,
    )
    stored = StoredIndex(
        manifest=Manifest(
            format_version=FORMAT_VERSION,
            encoder=encoder_name,
            fingerprint=encoder.fingerprint,
            settings=settings_of_build(rule),
            note_checksums=checksums,
            left_out=course.left_out,
            counts={
                "notes": len(course.notes),
                "sections": len(sections),
                "passages": len(all_passages),
                "known_questions": len({place.question for place in known.places}),
            },
            background={},
            file_checksums={},
        ),
        notes=course.notes,
        passages=all_passages,
        vectors=vectors,
        question_vectors=generic,
        grains={grain: _grain_index(grain, all_passages, vectors) for grain in Grain},
        lexical=lexical,
        known=known,
        subject=subject,
    )
    return _with_background(stored), encoded


def _vectors(
    all_passages: Sequence[Passage],
    previous: StoredIndex | None,
    encoder: ShippedVectorsEncoder,
    progress: Progress | None,
) -> tuple[Vectors, int]:
    """Return the uncentred vectors of the passages, and how many had to be encoded. Equal texts are encoded once."""
    texts = [passage.text for passage in all_passages]
    known = centring.rows_by_text([passage.text for passage in previous.passages]) if previous else {}
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, len(missing))

    fresh = encoder.encode_passages(missing, advance) if missing else np.zeros((0, encoder.width), np.float32)
    rows = np.concatenate([previous.vectors, fresh]) if previous else fresh
    offset = len(previous.vectors) if previous else 0
    position = known | {text: offset + number for number, text in enumerate(missing)}
    newly = {text for text in missing if not encoder.knows_passage(text)}
    return rows[[position[text] for text in texts]], sum(text in newly for text in texts)


def _question_vectors(previous: StoredIndex | None, encoder: Encoder, rule: ModuleRule) -> dict[str, Vectors]:
    if previous and previous.manifest.settings == settings_of_build(rule):
        return previous.question_vectors
    return {language: encoder.encode_questions(generic_questions(language)) for language in LANGUAGES}


def _grain_index(grain: Grain, all_passages: Sequence[Passage], vectors: Vectors) -> GrainIndex:
    rows = [number for number, passage in enumerate(all_passages) if passage.grain is grain]
    chosen = vectors[rows]
    return GrainIndex.build(centre(chosen, mean_vector(chosen)), [all_passages[row].section for row in rows])


def _background_questions(stored: StoredIndex, language: str) -> Iterable[tuple[str, Vectors]]:
    """Return the questions of other domains, each with its uncentred vector, ``(d,)``."""
    return zip(generic_questions(language), stored.question_vectors[language], strict=True)


def _with_background(stored: StoredIndex) -> StoredIndex:
    """Return ``stored`` with the distribution of scores that questions of other domains get in these notes."""
    searcher = Searcher(stored)
    evidence = {
        language: [searcher.evidence(searcher.read(*asked)) for asked in _background_questions(stored, language)]
        for language in LANGUAGES
    }
    manifest = replace(stored.manifest, background=abstention.background(evidence, len(stored.sections)))
    return replace(stored, manifest=manifest)
