"""Publishing and restoring: whole or not at all, wherever it is broken off, and taken back where reading fails."""

import itertools
import os
import subprocess
import sys
import textwrap
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.publishing import notes_folder as placing
from assistant.publishing.archives import Upload
from assistant.publishing.earlier_notes import VERSIONS_KEPT
from assistant.publishing.notes_folder import JOURNAL, NotesBusyError, NotesFolderError
from assistant.publishing.notices import Notices, Problem, PublishingOutcome, Taken, UploadReport
from assistant.publishing.publisher import Publishing

OLD = {"a.md": "# a\n", "b/c.md": "# c\n", "b/gone.md": "# gone\n"}
NEW = {**OLD, "a.md": "# new a\n", "b/c.md": "# new c\n", "d/e/f.md": "# f\n"}


class Killed(BaseException):
    """What stands for the end of the process: nothing in the program may catch it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in OLD.items():
        (tmp_path / "notes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notes" / name).write_text(text, encoding="utf-8")
    (tmp_path / "notes/figure.png").write_bytes(b"png")
    return tmp_path / "notes"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def publishing(folder: Path, data: Path) -> Publishing:
    made = Publishing(folder, data)
    made.staged.stage([Upload(name, NEW[name].encode()) for name in NEW if NEW[name] != OLD.get(name)])
    return made


def fine() -> str:
    return ""


def files(folder: Path) -> dict[str, str]:
    """Return every file but the figure, also hidden ones."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "figure.png")
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def read_ones(folder: Path) -> dict[str, str]:
    """Return the files that are read as notes."""
    return {name: text for name, text in files(folder).items() if not name.rpartition("/")[2].startswith(".")}


def waiting(publishing: Publishing) -> list[str]:
    return [note.name for note in publishing.staged.files()]


def test_what_waits_goes_live_whole_and_the_earlier_version_comes_back(publishing: Publishing, folder: Path) -> None:
    publishing.publish(fine)
    assert files(folder) == NEW
    assert waiting(publishing) == []
    assert publishing.notices.outcome == PublishingOutcome("published")
    (version,) = publishing.earlier.names()
    publishing.restore(version, fine)
    assert files(folder) == OLD
    assert publishing.notices.outcome == PublishingOutcome("restored")
    assert not (folder / "d").exists()
    publishing.restore(publishing.earlier.names()[0], fine)
    assert files(folder) == NEW
    assert (folder / "figure.png").read_bytes() == b"png"


def test_what_is_in_force_is_told_so_also_if_it_cannot_be_taken_from_what_waits(
    publishing: Publishing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise NotesFolderError("The disk is full.")

    monkeypatch.setattr(publishing.staged, "published", full)
    publishing.publish(fine)
    assert files(folder) == NEW
    assert publishing.notices.outcome == PublishingOutcome("published", "The disk is full.")


def test_what_cannot_be_read_puts_the_old_notes_back_and_waits_on(
    publishing: Publishing, folder: Path, data: Path
) -> None:
    seen: list[dict[str, str]] = []

    def read() -> str:
        seen.append(files(folder))
        return "a.md: it is empty" if len(seen) == 1 else ""

    publishing.publish(read)
    assert [state["a.md"] for state in seen] == ["# new a\n", "# a\n"], "the old notes are read again"
    assert files(folder) == OLD
    assert len(waiting(publishing)) == 3
    assert publishing.earlier.names() == []
    assert Publishing(folder, data).notices.outcome == PublishingOutcome("failed", "a.md: it is empty"), (
        "over a restart, too"
    )


@pytest.mark.parametrize("error", [RuntimeError, MemoryError, KeyboardInterrupt])
def test_whatever_reading_raises_the_old_notes_are_back(
    publishing: Publishing, folder: Path, error: type[BaseException]
) -> None:
    answers = iter([error("unforeseen"), None])

    def read() -> str:
        if raised := next(answers):
            raise raised
        return ""

    with pytest.raises(error):
        publishing.publish(read)
    assert files(folder) == OLD
    assert publishing.notices.outcome == PublishingOutcome("failed")


def test_restoring_what_cannot_be_read_keeps_the_present_notes(publishing: Publishing, folder: Path) -> None:
    publishing.publish(fine)
    (version,) = publishing.earlier.names()
    publishing.restore(version, iter(["no", ""]).__next__)
    assert files(folder) == NEW
    assert publishing.notices.outcome == PublishingOutcome("failed", "no")
    assert publishing.earlier.names() == [version]


def broken_at(monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException) -> Iterator[int]:
    """Raise ``error`` at the ``step``-th call, counted from 1, of what changes or secures files; count the calls."""
    counter = itertools.count(1)
    calls = 0

    def breaking(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls = next(counter)
            if calls == step:
                raise error
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "link", "fsync", "open"):
            patch.setattr(placing.os, name, breaking(getattr(os, name)))
        patch.setattr(Path, "unlink", breaking(Path.unlink))
        patch.setattr(Path, "open", breaking(Path.open))
        yield calls
    yield calls


STEPS = range(1, 75)


@pytest.mark.parametrize("action", ["publish", "restore"])
def test_killed_at_any_step_the_next_start_finds_the_old_notes_or_the_new_ones(
    publishing: Publishing, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    before, after = (OLD, NEW) if action == "publish" else (NEW, OLD)
    if action == "restore":
        publishing.publish(fine)
    version = next(iter(publishing.earlier.names()), "")
    ends: list[str] = []
    for step in STEPS:
        again = Publishing(folder, data)
        breaking = broken_at(monkeypatch, step, Killed())
        next(breaking)
        with monkeypatch.context() as patch:  # nothing runs any more in a process that was killed
            patch.setattr(Publishing, "_take_back", lambda *_: None)
            patch.setattr(Notices, "tell", lambda *_: None)
            try:
                if action == "publish":
                    again.publish(fine)
                else:
                    again.restore(version, fine)
                ends.append("whole")
            except Killed:
                ends.append("killed")
            except NotesFolderError:
                ends.append("told")
        next(breaking)
        started = Publishing(folder, data)
        was_broken_off = (data / JOURNAL).exists()
        started.recover()
        assert files(folder) in (before, after), step
        assert not (data / JOURNAL).exists()
        if was_broken_off:
            assert files(folder) == before
            assert started.notices.outcome == PublishingOutcome("interrupted")
        if files(folder) == before and action == "publish":
            assert len(waiting(started)) == 3, step
        if files(folder) == after:
            break
    assert ends.count("killed") > 10
    assert files(folder) == after


@pytest.mark.parametrize("action", ["publish", "restore"])
def test_a_disk_that_is_full_at_any_step_leaves_the_notes_as_they_were(
    publishing: Publishing, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    before, after = (OLD, NEW) if action == "publish" else (NEW, OLD)
    if action == "restore":
        publishing.publish(fine)
    version = next(iter(publishing.earlier.names()), "")
    failed = 0
    for step in STEPS:
        again = Publishing(folder, data)
        breaking = broken_at(monkeypatch, step, OSError(28, "No space left on device"))
        next(breaking)
        try:
            if action == "publish":
                again.publish(fine)
            else:
                again.restore(version, fine)
        except NotesFolderError:
            assert files(folder) == before, step
        next(breaking)
        if read_ones(folder) == after:
            break
        failed += 1
        assert files(folder) == before, step
        assert again.notices.outcome is None or again.notices.outcome.kind in ("failed", "published"), step
        if action == "publish":
            assert len(waiting(again)) == 3, step
    assert read_ones(folder) == after
    assert failed > 5


def test_a_process_that_is_really_killed_leaves_the_old_notes(publishing: Publishing, folder: Path, data: Path) -> None:
    program = f"""
        import os, signal
        from pathlib import Path
        from assistant.publishing.publisher import Publishing
        Publishing(Path({str(folder)!r}), Path({str(data)!r})).publish(lambda: os.kill(os.getpid(), signal.SIGKILL))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert ended.returncode == -9
    assert read_ones(folder) == NEW
    started = Publishing(folder, data)
    started.recover()
    assert files(folder) == OLD
    assert len(waiting(started)) == 3
    assert started.notices.outcome == PublishingOutcome("interrupted")
    started.publish(fine)
    assert files(folder) == NEW


def test_two_changes_do_not_cross_also_from_two_programs(publishing: Publishing, folder: Path, data: Path) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slowly() -> str:
        reading.set()
        assert go_on.wait(20)
        return ""

    thread = threading.Thread(target=publishing.publish, args=(slowly,))
    thread.start()
    assert reading.wait(20)
    other = Publishing(folder, data)
    for change in (lambda: other.publish(fine), lambda: other.restore("x", fine), other.recover):
        with pytest.raises(NotesBusyError):
            change()
    go_on.set()
    thread.join(20)
    assert files(folder) == NEW


def test_a_note_that_lies_under_another_spelling_is_replaced_where_it_lies(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "가.md")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / apart).write_text("# old\n")
    (folder / "b.markdown").write_text("# old\n")
    publishing = Publishing(folder, tmp_path / "data")
    publishing.staged.stage([Upload("가.md", b"# new\n"), Upload("b.md", b"# new\n")])
    publishing.publish(fine)
    assert files(folder) == {apart: "# new\n", "b.markdown": "# new\n"}


def test_a_limited_number_of_versions_is_kept(publishing: Publishing) -> None:
    for number in range(VERSIONS_KEPT + 2):
        publishing.staged.stage([Upload("a.md", f"# {number}\n".encode())])
        publishing.publish(fine)
    assert len(publishing.earlier.names()) == VERSIONS_KEPT


@pytest.mark.parametrize("version", ["..", "../../etc", "2020-01-01 00.00.00", "", ".part"])
def test_an_unknown_version_is_refused(publishing: Publishing, folder: Path, version: str) -> None:
    with pytest.raises(NotesFolderError, match="no earlier version"):
        publishing.restore(version, fine)
    assert files(folder) == OLD


def test_publishing_nothing_changes_nothing(folder: Path, data: Path) -> None:
    Publishing(folder, data).publish(fine)
    assert files(folder) == OLD


def test_notices_are_remembered_until_they_are_seen(data: Path) -> None:
    report = UploadReport((Taken("가.md", "new", "b/가.md"),), (Problem("x\ufffd", "encoding", 3),))
    Notices(data).tell(report)
    Notices(data).tell(PublishingOutcome("failed", "이유"))
    assert (Notices(data).report, Notices(data).outcome) == (report, PublishingOutcome("failed", "이유"))
    Notices(data).seen()
    assert (Notices(data).report, Notices(data).outcome) == (None, None)


@pytest.mark.parametrize("damaged", [b"", b"[]", b"{", b"\xff", b'{"outcome": 3, "report": null}'])
def test_damaged_notices_are_none(data: Path, damaged: bytes) -> None:
    data.mkdir()
    (data / "notes-notices.json").write_bytes(damaged)
    assert Notices(data).outcome is None
