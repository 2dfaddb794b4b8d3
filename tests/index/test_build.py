"""Building: incremental, atomic, one at a time; a killed build leaves the old index whole."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index import build as build_module
from index import store
from index.build import build, is_stale, note_checksums, settings_of_build
from index.errors import ContentError, EmptyContentError, IndexDamagedError, StorageError
from index.reading.notes import MAX_NOTE_BYTES
from index.records import Grain, ModuleRule
from tests.helpers.fakes import HashingEncoder

pytestmark = [pytest.mark.usefixtures("small_glossary"), pytest.mark.slow]
NOTE = "# Module 1: Storage\n\n## S3\n\n- S3 stores objects.\n- A bucket holds objects.\n\n## EBS\n\n- EBS is a disk.\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text(NOTE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def lines(folder: Path) -> list[str]:
    return [passage.text for passage in store.load(folder).passages if passage.grain is Grain.LINE]


def test_one_edited_line_encodes_only_what_holds_it(notes: Path, folder: Path) -> None:
    encoder = HashingEncoder()
    first = build(notes, folder, encoder, "hashing")
    assert (first.notes, first.sections, first.encoded, first.reused) == (1, 3, first.passages, 0)
    (notes / "a.md").write_text(NOTE.replace("is a disk", "is a block device"), encoding="utf-8")
    encoder.encoded.clear()
    second = build(notes, folder, encoder, "hashing")
    assert len(encoder.encoded) == 2  # the line, and the chunk of its section
    assert all("block device" in text for text in encoder.encoded)
    assert (second.encoded, second.reused) == (2, second.passages - 2)
    assert f"{second.passages} passages, 2 encoded, {second.passages - 2} reused, " in second.summary()


def test_an_incremental_build_gives_the_index_of_a_fresh_one(notes: Path, folder: Path, tmp_path: Path) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    (notes / "0.md").write_text("# New\n\nS3 stores objects.\n", encoding="utf-8")
    (notes / "a.md").write_text(NOTE.replace("## EBS", "## Disks"), encoding="utf-8")
    build(notes, folder, HashingEncoder(), "hashing")
    build(notes, tmp_path / "fresh", HashingEncoder(), "hashing")
    updated, fresh = store.load(folder), store.load(tmp_path / "fresh")
    assert updated.passages == fresh.passages
    assert np.array_equal(updated.vectors, fresh.vectors)
    assert updated.manifest.background == fresh.manifest.background


def test_equal_texts_are_encoded_once_and_found_twice(notes: Path, folder: Path) -> None:
    (notes / "b.md").write_text(NOTE, encoding="utf-8")
    encoder = HashingEncoder()
    report = build(notes, folder, encoder, "hashing")
    assert len(encoder.encoded) == len(set(encoder.encoded)) == len({p.text for p in store.load(folder).passages})
    assert report.encoded == report.passages == 2 * 9


def test_another_encoder_reuses_nothing(notes: Path, folder: Path) -> None:
    build(notes, folder, HashingEncoder(64), "hashing")
    report = build(notes, folder, HashingEncoder(32), "hashing")
    assert report.reused == 0
    assert store.load(folder).vectors.shape == (report.passages, 32)


def test_progress_counts_up_to_what_is_encoded(notes: Path, folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    encoder = HashingEncoder()
    build(notes, folder, encoder, "hashing", lambda done, total: seen.append((done, total)))
    assert seen[0] == (len(encoder.encoded), len(encoder.encoded))  # passages first
    assert seen[1:] == sorted(seen[1:])  # then what the subject is learnt from
    assert seen[-1][0] == seen[-1][1]


def test_staleness_follows_notes_glossary_encoder_and_settings(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    manifest = store.read_manifest(folder)
    assert not is_stale(manifest, notes, "hashing")
    assert is_stale(manifest, notes, "other")
    assert is_stale(manifest, notes, "hashing", ModuleRule.NOTE)
    os.utime(notes / "a.md", (0, 0))
    assert not is_stale(manifest, notes, "hashing")
    (notes / "glossary.yaml").write_text("- {ko: [버킷], en: [bucket]}\n", encoding="utf-8")
    assert is_stale(manifest, notes, "hashing")
    (notes / "glossary.yaml").unlink()
    (notes / "b.md").write_text("# B\n", encoding="utf-8")
    assert is_stale(manifest, notes, "hashing")
    (notes / "b.md").unlink()
    assert not is_stale(manifest, notes, "hashing")
    monkeypatch.setattr("index.reading.passages.CHUNK_CHARACTERS", 10)
    assert is_stale(manifest, notes, "hashing")


def test_the_settings_of_a_build_name_what_an_index_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings_of_build()
    monkeypatch.setattr("index.build.generic_questions", lambda language: ("another question",))
    after = settings_of_build()
    assert before["data"] != after["data"]


def test_unpaired_editions_are_reported_and_built(notes: Path, folder: Path) -> None:
    (notes / "b.ko.md").write_text("# 가\n## 나\n", encoding="utf-8")
    (notes / "b.en.md").write_text("# A\n", encoding="utf-8")
    report = build(notes, folder, HashingEncoder(), "hashing")
    assert [warning.split(" are ")[0] for warning in report.warnings] == ["b.en.md and b.ko.md"]


@pytest.mark.parametrize(
    ("name", "data", "line", "reason"),
    [
        pytest.param("b.md", b"# B\n\xff\xff", 2, "not UTF-8", id="note-in-another-encoding"),
        pytest.param("b.md", b"# B\n\n\0", 3, "not a text file", id="binary-note"),
        pytest.param("b.md", b"x" * (MAX_NOTE_BYTES + 1), None, "the limit is", id="huge-note"),
        pytest.param("glossary.yaml", b"- {ko: [a]}\n- {ko: [", 3, "cannot be read as YAML", id="glossary-cut-off"),
        pytest.param("glossary.yaml", b"[" * 100_000, 1, "within each other", id="glossary-of-brackets"),
        pytest.param("glossary.yaml", b"- {en: a}\n- 3", 2, "must be {ko: [", id="glossary-of-another-shape"),
        pytest.param("known_questions.yaml", b"- {says: 2020-13-45}", 1, "must be {under", id="known-questions"),
    ],
)
def test_one_file_that_cannot_be_used_is_left_out_by_name_and_the_rest_is_built(
    name: str, data: bytes, line: int | None, reason: str, notes: Path, folder: Path
) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    before = lines(folder)
    (notes / name).write_bytes(data)
    assert is_stale(store.read_manifest(folder), notes, "hashing")
    report = build(notes, folder, HashingEncoder(), "hashing")
    assert lines(folder) == before
    manifest = store.read_manifest(folder)
    assert [(item.file, item.line) for item in manifest.left_out] == [(name, line)]
    assert reason in manifest.left_out[0].reason
    assert manifest.left_out == report.left_out == store.load(folder).manifest.left_out
    assert str(report.left_out[0]) in report.warnings
    assert not is_stale(manifest, notes, "hashing")  # until the file changes again
    (notes / name).write_bytes(b"")
    assert is_stale(manifest, notes, "hashing")


def test_a_file_that_cannot_be_opened_is_left_out_and_makes_no_index_stale(notes: Path, folder: Path) -> None:
    (notes / "b.md").symlink_to("/proc/self/mem")
    if not (notes / "b.md").is_file():
        (notes / "b.md").unlink()
        (notes / "b.md").write_text("# B")
        (notes / "b.md").chmod(0)
    report = build(notes, folder, HashingEncoder(), "hashing")
    assert [item.file for item in report.left_out] == ["b.md"]
    assert "cannot be read" in report.left_out[0].reason
    assert not is_stale(store.read_manifest(folder), notes, "hashing")


def test_names_that_are_no_utf8_are_left_out(notes: Path, folder: Path) -> None:
    path = os.fsencode(notes) + b"/\xff\xfe.md"
    with open(path, "wb") as stream:
        stream.write(b"# B\n")
    report = build(notes, folder, HashingEncoder(), "hashing")
    assert [(item.file, item.reason) for item in report.left_out] == [
        ("\\xff\\xfe.md", "its name is not UTF-8; rename it")
    ]
    os.remove(path)
    assert is_stale(store.read_manifest(folder), notes, "hashing")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        pytest.param("a.md", b"\xff\xff", ContentError, id="nothing-usable"),
        pytest.param("a.md", b"", EmptyContentError, id="nothing-left"),
    ],
)
def test_without_any_usable_note_the_old_index_stays(
    name: str, data: bytes, error: type[ContentError], notes: Path, folder: Path
) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    before = lines(folder)
    (notes / name).write_bytes(data)
    with pytest.raises(error, match=r"\.md|notes"):
        build(notes, folder, HashingEncoder(), "hashing")
    assert lines(folder) == before


def test_a_damaged_index_is_built_anew(notes: Path, folder: Path) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    (folder / (folder / "CURRENT").read_text() / "vectors.npy").write_bytes(b"x")
    with pytest.raises(IndexDamagedError):
        store.load(folder)
    assert build(notes, folder, HashingEncoder(), "hashing").reused == 0
    assert len(lines(folder)) == 3


def test_a_folder_that_cannot_be_written_is_a_storage_error(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"The index folder .*file.* cannot be written"):
        build(notes, tmp_path / "file" / "index", HashingEncoder(), "hashing")


def test_a_build_waits_for_another_and_gives_up_with_a_clear_message(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_module, "_LOCK_SECONDS", 0.2)
    folder.mkdir()
    with FileLock(folder / ".lock"), pytest.raises(StorageError, match="Another build has held"):
        build(notes, folder, HashingEncoder(), "hashing")


BUILD = """
import sys, time
from pathlib import Path
from index import build, store
from index.language import glossary
from tests.helpers.fakes import HashingEncoder

notes, folder, shipped, pause = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
glossary.SHIPPED = build.SHIPPED = (shipped,)
glossary.EVERYDAY_WORDS = build.EVERYDAY_WORDS = shipped

def wait(*_):
    print("here", flush=True)
    if pause != "never":
        time.sleep(60)

if pause == "writing":
    write, store.faiss.write_index = store.faiss.write_index, lambda index, path: (write(index, path), wait())
if pause == "switching":
    store._switch = wait
print(build.build(notes, folder, HashingEncoder(), "hashing", wait if pause in ("encoding", "never") else None).summary())
"""


def start_build(notes: Path, folder: Path, pause: str) -> "subprocess.Popen[str]":
    from index.language import glossary

    arguments = [sys.executable, "-c", BUILD, str(notes), str(folder), str(glossary.SHIPPED[0]), pause]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("pause", ["encoding", "writing", "switching"])
def test_a_killed_build_leaves_the_old_index_whole(pause: str, notes: Path, folder: Path) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    before = lines(folder)
    (notes / "a.md").write_text(NOTE + "- EBS has snapshots.\n", encoding="utf-8")
    with start_build(notes, folder, pause) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        assert lines(folder) == before  # a reader during the build
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert lines(folder) == before
    report = build(notes, folder, HashingEncoder(), "hashing")
    assert (len(lines(folder)), report.encoded) == (len(before) + 1, 2)
    assert [path.name for path in folder.glob(".building-*")] == []
    assert len(list(folder.glob("generation-*"))) == 1


def test_builds_at_the_same_time_leave_one_whole_index(notes: Path, folder: Path) -> None:
    processes = [start_build(notes, folder, "never") for _ in range(2)]
    summaries = [process.communicate()[0].splitlines()[-1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    encoded = sorted(summary.split(", ")[3] for summary in summaries)
    assert encoded[0] == "0 encoded"  # the second one waited and reused
    assert len(lines(folder)) == 3
    assert note_checksums(notes).items() <= store.read_manifest(folder).note_checksums.items()


def test_readers_never_see_a_half_built_index(notes: Path, folder: Path) -> None:
    build(notes, folder, HashingEncoder(), "hashing")
    stored = store.load(folder)
    stop = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            while not stop.is_set():
                store.save(folder, stored)
        except StorageError as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            assert store.read_manifest(folder).counts == stored.manifest.counts
    finally:
        stop.set()
        writer.join()
    assert failures == []


def test_a_rule_for_modules_is_part_of_an_index(notes: Path, folder: Path) -> None:
    (notes / "week-3").mkdir()
    (notes / "week-3/deep.md").write_text("# Deep\n\nA line of text.\n", encoding="utf-8")
    cited: dict[ModuleRule, str] = {}
    for rule in (ModuleRule.AUTO, ModuleRule.NOTE):
        report = build(notes, folder, HashingEncoder(), "hashing", rule=rule)
        assert not is_stale(store.read_manifest(folder), notes, "hashing", rule)
        cited[rule] = store.load(folder).sections[-1].module
    assert cited == {ModuleRule.AUTO: "Week 3", ModuleRule.NOTE: "Deep"}
    assert report.encoded == 0  # a module is no part of what is encoded
