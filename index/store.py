"""Writes and reads a built index: JSON records, NumPy and FAISS files, a manifest with checksums; no pickle.

An index lives in one folder per notes folder. Every build writes a new generation beside the old one and then
switches the file ``CURRENT`` in one step, so that a reader always finds a whole index::

    <data>/index/<notes name>-<hash>/CURRENT            the name of the generation in force
                                     generation-…/      manifest.json, records.json, lexical.json, …
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import faiss
import numpy as np
from pydantic import ConfigDict, ValidationError
from pydantic_core import to_json

from index.deciding.subject import Subject
from index.encoding.centring import Vectors
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from index.json_values import record_in, record_of
from index.ranking.dense import GrainIndex
from index.ranking.known_questions import KnownPlace, KnownQuestions
from index.ranking.lexical import LexicalIndex
from index.records import Grain, LeftOut, Note, Passage, Section

_T = TypeVar("_T")
FORMAT_VERSION = 13
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_SWITCHES = 3  # builds that may finish while one reader loads
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with; ``left_out``: the files beside the notes that it could not use."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    format_version: int
    encoder: str
    fingerprint: str
    settings: dict[str, Any]
    note_checksums: dict[str, str]
    left_out: tuple[LeftOut, ...]
    counts: dict[str, int]
    background: dict[str, Any]
    file_checksums: dict[str, str]


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """A whole index in memory. ``vectors``: uncentred passage vectors, ``(passages, d)``, kept for rebuilding."""

    manifest: Manifest
    notes: tuple[Note, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    question_vectors: dict[str, Vectors]
    grains: dict[Grain, GrainIndex]
    lexical: LexicalIndex
    known: KnownQuestions
    subject: Subject

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections in order of their numbers."""
        return tuple(section for note in self.notes for section in note.sections)


@dataclass(frozen=True, slots=True)
class _Records:
    notes: tuple[Note, ...]
    passages: tuple[tuple[int, Grain, int, int, str], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    questions: tuple[str, ...]
    places: tuple[tuple[int, int, int], ...]
    words: dict[int, frozenset[str]]
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    texts: tuple[str, ...]
    other_words: dict[str, int]


def index_folder(data: Path, notes: Path) -> Path:
    """Return the folder of the index of ``notes`` below ``data``; other notes get another."""
    resolved = notes.resolve()
    return data / "index" / f"{resolved.name or 'notes'}-{hashlib.sha256(str(resolved).encode()).hexdigest()[:10]}"


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def save(folder: Path, stored: StoredIndex) -> Manifest:
    """Write ``stored`` as the new generation of ``folder`` and switch to it; return its manifest with checksums.

    :raises StorageError: If the disk is full or the folder cannot be written; the old generation stays in force.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    except OSError as error:
        raise StorageError(f"The index folder {folder} cannot be written: {error.strerror}") from error
    try:
        manifest = _write_files(scratch, stored)
        generation = folder / f"generation-{scratch.name.removeprefix('.building-')}"
        scratch.rename(generation)
        _switch(folder, generation.name)
    except (OSError, RuntimeError) as error:  # FAISS reports a full disk as RuntimeError
        reason = getattr(error, "strerror", None) or "the disk may be full"
        raise StorageError(f"The index cannot be written to {folder}: {reason}; the old one is kept.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _remove_old(folder, keep=generation.name)
    return manifest


def _write_files(folder: Path, stored: StoredIndex) -> Manifest:
    known, subject = stored.known, stored.subject
    passages = [[p.section, p.grain, p.first_line, p.last_line, p.text] for p in stored.passages]
    places = [[place.section, place.first_line, place.question] for place in known.places]
    words = {section: sorted(keys) for section, keys in known.words.items()}
    texts: dict[str, Any] = {
        "records": {"notes": stored.notes, "passages": passages},
        "lexical": stored.lexical.to_json(),
        "known": {"questions": known.texts, "places": places, "words": words, "groups": known.groups},
        "subject": {"texts": subject.texts, "other_words": subject.other_words},
    }
    arrays = {
        "vectors": stored.vectors,
        "known": known.vectors,
        "known_groups": known.weights,
        "subject": subject.vectors,
        "subject_weights": subject.weights,
        **{f"questions.{language}": vectors for language, vectors in stored.question_vectors.items()},
    }
    for name, values in texts.items():
        _write_json(folder / f"{name}.json", values)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    for grain, grain_index in stored.grains.items():
        faiss.write_index(grain_index.faiss_index, str(folder / f"{grain.value}.faiss"))
    checksums = {path.name: file_checksum(path) for path in sorted(folder.iterdir())}
    manifest = replace(stored.manifest, file_checksums=checksums)
    _write_json(folder / _MANIFEST, manifest)
    return manifest


def _write_json(path: Path, values: object) -> None:
    with path.open("wb") as stream:
        stream.write(to_json(values))
        stream.flush()
        os.fsync(stream.fileno())


def _switch(folder: Path, generation: str) -> None:
    pointer = folder / f".{_POINTER}.new"
    pointer.write_text(generation, encoding="utf-8")
    os.replace(pointer, folder / _POINTER)


def _remove_old(folder: Path, keep: str) -> None:
    """Remove all generations but ``keep``, and what killed builds left. Readers hold theirs in memory."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep and path.name.startswith(("generation-", ".building-")):
            shutil.rmtree(path, ignore_errors=True)


def load(folder: Path) -> StoredIndex:
    """Return the index in force in ``folder``, every file checked against the manifest.

    :raises IndexMissingError: If none was built.
    :raises IndexDamagedError: If a file is missing, truncated, changed or not ours.
    :raises IndexMismatchError: If it was written by another format version.
    """
    for _ in range(_SWITCHES):
        pointed = _pointer(folder)
        try:
            return _read_generation(_generation(folder))
        except IndexDamagedError:
            if _pointer(folder) == pointed:  # else a build switched under our feet
                raise
    return _read_generation(_generation(folder))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the index in force; the same errors as :func:`load`."""
    return _read_manifest(_generation(folder))


def _pointer(folder: Path) -> str:
    try:
        return (folder / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissingError("There is no index yet", folder) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"The index is damaged: {_POINTER} cannot be read", folder) from error


def _generation(folder: Path) -> Path:
    name = _pointer(folder)
    if not name.startswith("generation-") or "/" in name or not (folder / name).is_dir():
        raise IndexDamagedError(f"The index is damaged: {_POINTER} names no generation", folder)
    return folder / name


def _read_manifest(generation: Path) -> Manifest:
    try:
        data = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        version = data["format_version"]
        if version == FORMAT_VERSION:
            return record_of(Manifest, data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"The index is damaged: {_MANIFEST} cannot be read", generation) from error
    raise IndexMismatchError(
        f"The index has format version {version}, this program reads version {FORMAT_VERSION}", generation
    )


def _read_generation(generation: Path) -> StoredIndex:
    manifest = _read_manifest(generation)
    for name, checksum in manifest.file_checksums.items():
        path = generation / name
        if not path.is_file():
            raise IndexDamagedError(f"The index is damaged: {name} is missing", generation)
        if file_checksum(path) != checksum:
            raise IndexDamagedError(f"The index is damaged: {name} is truncated or changed", generation)
    try:
        records = _read_json(_Records, generation / "records.json")
        known = _read_json(_Known, generation / "known.json")
        subject = _read_json(_Texts, generation / "subject.json")
        arrays: dict[str, Vectors] = {path.stem: np.load(path, allow_pickle=False) for path in generation.glob("*.npy")}
        passages = tuple(Passage(*row) for row in records.passages)
        return StoredIndex(
            manifest=manifest,
            notes=records.notes,
            passages=passages,
            vectors=arrays["vectors"],
            question_vectors={
                name.removeprefix("questions."): array
                for name, array in arrays.items()
                if name.startswith("questions.")
            },
            grains={
                grain: GrainIndex(faiss.read_index(str(generation / f"{grain.value}.faiss")), _rows(passages, grain))
                for grain in Grain
            },
            lexical=LexicalIndex.from_json(_read_json(dict[str, Any], generation / "lexical.json")),
            known=KnownQuestions(
                known.questions,
                arrays["known"],
                tuple(KnownPlace(*place) for place in known.places),
                known.words,
                known.groups,
                arrays["known_groups"],
            ),
            subject=Subject(subject.texts, arrays["subject"], arrays["subject_weights"], subject.other_words),
        )
    except _UNREADABLE as error:
        raise IndexDamagedError(f"The index is damaged: {error}", generation) from error


def _read_json(kind: type[_T], path: Path) -> _T:
    try:
        return record_in(kind, path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path.name} cannot be read") from error


def _rows(passages: Sequence[Passage], grain: Grain) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([passage.section for passage in passages if passage.grain is grain], dtype=np.int64)
