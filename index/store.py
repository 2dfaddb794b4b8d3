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
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np

from index.deciding.subject import Subject
from index.encoding.centring import Vectors
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from index.ranking.dense import GrainIndex
from index.ranking.known_questions import KnownPlace, KnownQuestions
from index.ranking.lexical import LexicalIndex
from index.records import Block, BlockKind, Grain, LeftOut, Note, Passage, Section

FORMAT_VERSION = 13
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_SWITCHES = 3  # builds that may finish while one reader loads
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with; ``left_out``: the files beside the notes that it could not use."""

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
    records = {
        "notes": [asdict(note) for note in stored.notes],
        "passages": [
            [passage.section, passage.grain.value, passage.first_line, passage.last_line, passage.text]
            for passage in stored.passages
        ],
    }
    _write_json(folder / "records.json", records)
    _write_json(folder / "lexical.json", stored.lexical.to_json())
    np.save(folder / "vectors.npy", stored.vectors, allow_pickle=False)
    places = [[place.section, place.first_line, place.question] for place in stored.known.places]
    words = {section: sorted(keys) for section, keys in stored.known.words.items()}
    known = {"questions": stored.known.texts, "places": places, "words": words, "groups": stored.known.groups}
    _write_json(folder / "known.json", known)
    np.save(folder / "known.npy", stored.known.vectors, allow_pickle=False)
    np.save(folder / "known_groups.npy", stored.known.weights, allow_pickle=False)
    _write_json(folder / "subject.json", {"texts": stored.subject.texts, "other_words": stored.subject.other_words})
    np.save(folder / "subject.npy", stored.subject.vectors, allow_pickle=False)
    np.save(folder / "subject_weights.npy", stored.subject.weights, allow_pickle=False)
    for language, vectors in stored.question_vectors.items():
        np.save(folder / f"questions.{language}.npy", vectors, allow_pickle=False)
    for grain, grain_index in stored.grains.items():
        faiss.write_index(grain_index.faiss_index, str(folder / f"{grain.value}.faiss"))
    checksums = {path.name: file_checksum(path) for path in sorted(folder.iterdir())}
    manifest = replace(stored.manifest, file_checksums=checksums)
    _write_json(folder / _MANIFEST, asdict(manifest))
    return manifest


def _write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    with path.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, separators=(",", ":"))
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
            fields: dict[str, Any] = {**data, "left_out": tuple(LeftOut(**row) for row in data["left_out"])}
            manifest = Manifest(**fields)
            if not isinstance(cast("object", manifest.file_checksums), dict):
                raise TypeError("no checksums")
            return manifest
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
        records = json.loads((generation / "records.json").read_text(encoding="utf-8"))
        passages = tuple(
            Passage(section, Grain(grain), first, last, text)
            for section, grain, first, last, text in records["passages"]
        )
        return StoredIndex(
            manifest=manifest,
            notes=tuple(_note(row) for row in records["notes"]),
            passages=passages,
            vectors=np.load(generation / "vectors.npy", allow_pickle=False),
            question_vectors={
                path.name.split(".")[1]: np.load(path, allow_pickle=False)
                for path in generation.glob("questions.*.npy")
            },
            grains={
                grain: GrainIndex(faiss.read_index(str(generation / f"{grain.value}.faiss")), _rows(passages, grain))
                for grain in Grain
            },
            lexical=LexicalIndex.from_json(json.loads((generation / "lexical.json").read_text(encoding="utf-8"))),
            known=_known(generation),
            subject=_subject(generation),
        )
    except _UNREADABLE as error:
        raise IndexDamagedError(f"The index is damaged: {error}", generation) from error


def _rows(passages: Sequence[Passage], grain: Grain) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([passage.section for passage in passages if passage.grain is grain], dtype=np.int64)


def _known(generation: Path) -> KnownQuestions:
    data = json.loads((generation / "known.json").read_text(encoding="utf-8"))
    vectors = np.load(generation / "known.npy", allow_pickle=False)
    return KnownQuestions(
        texts=tuple(data["questions"]),
        vectors=vectors,
        places=tuple(KnownPlace(*place) for place in data["places"]),
        words={int(section): frozenset(keys) for section, keys in data["words"].items()},
        groups=tuple(data["groups"]),
        weights=np.load(generation / "known_groups.npy", allow_pickle=False),
    )


def _subject(generation: Path) -> Subject:
    data = json.loads((generation / "subject.json").read_text(encoding="utf-8"))
    return Subject(
        texts=tuple(data["texts"]),
        vectors=np.load(generation / "subject.npy", allow_pickle=False),
        weights=np.load(generation / "subject_weights.npy", allow_pickle=False),
        other_words=data["other_words"],
    )


def _note(row: dict[str, Any]) -> Note:
    return Note(row["file"], row["language"], row["text"], tuple(_section(section) for section in row["sections"]))


def _section(row: dict[str, Any]) -> Section:
    blocks = tuple(_block(block) for block in row["blocks"])
    fields: dict[str, Any] = {**row, "heading_path": tuple(row["heading_path"]), "blocks": blocks}
    return Section(**fields)


def _block(row: dict[str, Any]) -> Block:
    fields: dict[str, Any] = {**row, "kind": BlockKind(row["kind"])}
    return Block(**fields)
