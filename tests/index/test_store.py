"""Writing and reading an index: the identity, and every way in which a file can be wrong."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import store
from index.build import build
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from index.records import Grain
from tests.helpers.fakes import HashingEncoder

REPAIR = "python -m index build"
FILES = [
    "manifest.json",
    "records.json",
    "lexical.json",
    "vectors.npy",
    "questions.ko.npy",
    "questions.en.npy",
    "chunk.faiss",
    "line.faiss",
    "heading.faiss",
    "known.json",
    "known.npy",
    "known_groups.npy",
    "subject.json",
    "subject.npy",
    "subject_weights.npy",
]
NOTE = "# 모듈 1: 저장소\r\n\r\nS3는 객체를 저장합니다. EBS는 블록입니다.\r\n\r\n## 표\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, small_glossary: None) -> Path:
    """A folder with an index of one note, built once; tests work on copies."""
    root = tmp_path_factory.mktemp("built")
    (root / "notes").mkdir()
    (root / "notes/a.ko.md").write_bytes(NOTE.encode())
    build(root / "notes", root / "index", HashingEncoder(), "hashing")
    return root / "index"


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of the built index, free to be damaged."""
    return shutil.copytree(built, tmp_path / "index")


def generation(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


def rewrite_manifest(folder: Path, **changes: object) -> None:
    path = generation(folder) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def test_the_files_are_those_that_the_tests_damage(folder: Path) -> None:
    assert sorted(path.name for path in generation(folder).iterdir()) == sorted(FILES)


def test_loading_is_the_inverse_of_saving(folder: Path, tmp_path: Path) -> None:
    first = store.load(folder)
    store.save(tmp_path / "again", first)
    second = store.load(tmp_path / "again")
    assert (second.manifest, second.notes, second.passages) == (first.manifest, first.notes, first.passages)
    assert second.sections == first.sections
    assert np.array_equal(second.vectors, first.vectors)
    for language in ("ko", "en"):
        assert np.array_equal(second.question_vectors[language], first.question_vectors[language])
    for grain in Grain:
        before, after = first.grains[grain], second.grains[grain]
        assert np.array_equal(before.sections, after.sections)
        question = first.question_vectors["ko"][0]
        wanted = np.unique(before.sections)
        assert np.array_equal(before.best_scores(question, wanted)[0], after.best_scores(question, wanted)[0])
    assert (second.subject.texts, second.subject.other_words) == (first.subject.texts, first.subject.other_words)
    assert np.array_equal(second.subject.vectors, first.subject.vectors)
    assert np.array_equal(second.subject.weights, first.subject.weights)
    assert second.lexical.to_json() == first.lexical.to_json()
    assert second.notes[0].text == NOTE


def test_no_file_is_a_pickle(folder: Path) -> None:
    for path in generation(folder).iterdir():
        head = path.read_bytes()[:2]
        assert head[:1] != b"\x80"  # the first byte of every binary pickle
        if path.suffix == ".npy":
            assert not np.load(path, allow_pickle=False).dtype.hasobject


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["missing", "truncated", "emptied", "one-byte-changed", "foreign"])
def test_a_wrong_file_is_named_with_the_repair(name: str, harm: str, folder: Path) -> None:
    path = generation(folder) / name
    data = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "truncated":
            path.write_bytes(data[: len(data) // 2])
        case "emptied":
            path.write_bytes(b"")
        case "one-byte-changed":
            middle = data.index(b'"format_version"') + 1 if name == "manifest.json" else len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case _:
            path.write_bytes(b"\x89PNG\r\n\x1a\n" * 10)
    with pytest.raises(IndexDamagedError) as caught:
        store.load(folder)
    assert name in str(caught.value)
    assert REPAIR in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("records.json", b'{"notes": [{}], "passages": []}', id="records-of-another-shape"),
        pytest.param("records.json", b"[]", id="records-as-a-list"),
        pytest.param("lexical.json", b"{}", id="lexical-without-postings"),
        pytest.param("lexical.json", b"[1]", id="lexical-as-a-list"),
        pytest.param("vectors.npy", b"", id="empty-vectors"),
        pytest.param("chunk.faiss", b"IxXX" + bytes(100), id="not-faiss"),
    ],
)
def test_a_foreign_file_with_a_right_checksum_is_damage_too(name: str, content: bytes, folder: Path) -> None:
    path = generation(folder) / name
    path.write_bytes(content)
    checksums = store.read_manifest(folder).file_checksums
    rewrite_manifest(folder, file_checksums={**checksums, name: store.file_checksum(path)})
    with pytest.raises(IndexDamagedError, match=REPAIR):
        store.load(folder)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"file_checksums": []}, id="checksums-as-a-list"),
        pytest.param({"unknown": 1}, id="unknown-field"),
    ],
)
def test_a_manifest_of_another_shape_is_damage(changes: dict[str, object], folder: Path) -> None:
    rewrite_manifest(folder, **changes)
    with pytest.raises(IndexDamagedError, match=rf"manifest\.json.*{REPAIR}"):
        store.load(folder)


def test_a_pickled_array_is_refused(folder: Path) -> None:
    path = generation(folder) / "vectors.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    checksums = store.read_manifest(folder).file_checksums
    rewrite_manifest(folder, file_checksums={**checksums, path.name: store.file_checksum(path)})
    with pytest.raises(IndexDamagedError, match=REPAIR):
        store.load(folder)


@pytest.mark.parametrize("version", [0, 999, None, "1"], ids=str)
def test_another_format_version_is_a_mismatch_that_names_both(version: object, folder: Path) -> None:
    rewrite_manifest(folder, format_version=version)
    with pytest.raises(IndexMismatchError, match=rf"{version}.*reads version {store.FORMAT_VERSION}.*{REPAIR}"):
        store.load(folder)


@pytest.mark.parametrize(
    "pointer",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"generation-gone", id="names-nothing"),
        pytest.param(b"../elsewhere", id="leads-out"),
        pytest.param(b"generation-x/../../y", id="leads-out-by-a-detour"),
        pytest.param(b"\xff\xfe", id="not-text"),
    ],
)
def test_a_wrong_pointer_is_damage(pointer: bytes, folder: Path) -> None:
    (folder / "CURRENT").write_bytes(pointer)
    with pytest.raises(IndexDamagedError, match=rf"CURRENT.*{REPAIR}"):
        store.load(folder)


def test_without_an_index_the_command_that_builds_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match=rf"There is no index yet.*{REPAIR}"):
        store.read_manifest(tmp_path / "none")


def test_saving_replaces_the_generation_and_removes_what_killed_builds_left(folder: Path) -> None:
    stored = store.load(folder)
    before = generation(folder)
    (folder / ".building-left").mkdir()
    (folder / "generation-left").mkdir()
    store.save(folder, stored)
    after = generation(folder)
    assert after != before
    assert sorted(path.name for path in folder.iterdir()) == sorted(["CURRENT", ".lock", after.name])


def test_a_folder_that_cannot_be_made_is_a_storage_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written: Not a directory"):
        store.save(tmp_path / "file" / "index", store.load(folder))


FULL_DISK = """
import resource, sys
from pathlib import Path
from index import StorageError, store
folder = Path(sys.argv[1])
stored = store.load(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)  # a real write error, whoever runs this
try:
    store.save(folder, stored)
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes cannot be limited on Windows")
@pytest.mark.parametrize("limit", [100, 3000], ids=["nothing-fits", "some-files-fit"])
def test_a_disk_that_fills_up_leaves_the_old_index_whole(limit: int, folder: Path) -> None:
    before = generation(folder)
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder), str(limit)], capture_output=True, text=True, check=True
    )
    assert "the old one is kept" in run.stdout
    assert generation(folder) == before
    assert store.load(folder).notes[0].text == NOTE
    assert not list(folder.glob(".building-*"))


def test_a_reader_whose_generation_is_removed_meanwhile_finds_the_new_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store.load(folder)
    read = store._read_generation
    calls: list[Path] = []

    def overtaken(path: Path) -> store.StoredIndex:
        calls.append(path)
        if len(calls) == 1:  # a build finishes just now
            store.save(folder, stored)
        return read(path)

    monkeypatch.setattr(store, "_read_generation", overtaken)
    assert store.load(folder).notes == stored.notes
    assert calls[0] != calls[1] == generation(folder)


def test_different_notes_have_different_folders(tmp_path: Path) -> None:
    places = [store.index_folder(tmp_path, tmp_path / name) for name in ("a/notes", "b/notes", "a/../a/notes")]
    assert places[0] != places[1]
    assert places[0] == places[2]
    assert store.index_folder(tmp_path, Path("/")).name.startswith("notes-")
