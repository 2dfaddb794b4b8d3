"""A running app under mixed load while its world breaks: ``python -m tests.benchmarks.faults [--seconds 120] [--seed N]``.

The real ``app.py`` serves a copy of the course on this machine's loopback. Students ask, an instructor writes and
publishes; meanwhile, at random, the encoder is killed, stopped or killed as it loads, the app is killed or ended and
started again, the disk is full (a small file system of memory; needs root, else this fault is left out), the database
is locked, notes change on disk and files of the index are damaged. At the end everything that was acknowledged must be
there. Prints what happened as one line of JSON, and returns 1 if anything was lost, hung, or answered with a status of
500 and above that does not tell to try again.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.faq.storage.database import FILE_NAME
from index.store import index_folder
from tests.benchmarks.fault_load import PASSWORD, ApiStudent, ChatStudent, Instructor, Ledger, Person, Watcher

ROOT = Path(__file__).resolve().parent.parent.parent
DISK_BYTES = 96 * 2**20
RECOVERY_SECONDS = 420.0


class World:
    """The app's process and all that it stands on, and how each can be broken."""

    def __init__(self, folder: Path, ledger: Ledger, choice: random.Random) -> None:
        self.ledger, self.choice = ledger, choice
        self.data, self.notes = folder / "data", folder / "content"
        self._log = folder / "app.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.has_small_disk = False
        self._app: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self.expects_end = True

    def prepare(self) -> None:
        """Copy the course, and the encoder as a link: only what the app writes need fit on the small disk."""
        shutil.copytree(ROOT / "content", self.notes, ignore=shutil.ignore_patterns("questions"))
        self.data.mkdir()
        small = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(self.data)]
        self.has_small_disk = shutil.which("mount") is not None and not subprocess.run(small, check=False).returncode
        made = Path(os.environ.get("TEST_DATA_DIR", ROOT / ".notes-data"))
        (self.data / "encoder").symlink_to(made / "encoder")
        built = index_folder(made, ROOT / "content")
        if built.is_dir():  # most vectors stay: a build from nothing takes minutes
            shutil.copytree(built, index_folder(self.data, self.notes))

    def tidy(self) -> None:
        """End the app and give the small disk back."""
        if self._app is not None and self._app.poll() is None:
            self._app.kill()
            self._app.wait()
        if self.has_small_disk:
            subprocess.run(["umount", "--lazy", str(self.data)], check=False)

    # The app ----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        given = {"NOTES_PORT": self.port, "NOTES_DIR": self.notes, "NOTES_DATA_DIR": self.data,
                 "NOTES_INSTRUCTOR_PASSWORD": PASSWORD}  # fmt: skip
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOTES_")}
        with self._log.open("ab") as log:
            self._app = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=inherited | {name: str(value) for name, value in given.items()},
                stdout=log,
                stderr=log,
            )
        self.expects_end = False

    def keep_running(self, stop: threading.Event) -> None:
        """Start the app again whenever it has ended, as a service manager does; note if it ended by itself."""
        while not stop.wait(0.5):
            with self._lock:
                if self._app is not None and self._app.poll() is not None:
                    if not self.expects_end:
                        self.ledger.problem(f"the app ended by itself: {self._app.returncode}: {self.log_tail()}")
                    self.start()

    def end(self, number: signal.Signals) -> int | None:
        """Send the app a signal and return how it ended."""
        with self._lock:
            if self._app is None:
                return None
            self.expects_end = True
            self._app.send_signal(number)
            try:
                return self._app.wait(60)
            except subprocess.TimeoutExpired:
                self.ledger.problem(f"the app did not end within 60 seconds of {number.name}")
                self._app.kill()
                return self._app.wait()

    def log_tail(self) -> str:
        return " | ".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-4:])

    def memory_mb(self) -> int:
        with contextlib.suppress(OSError, IndexError, AttributeError):
            text = Path(f"/proc/{self._app.pid}/status").read_text(encoding="utf-8")
            return int(text.partition("VmRSS:")[2].split()[0]) // 1024
        return 0

    def encoder(self) -> int | None:
        """Return the process of the app's encoder."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
                mine = self._app is not None and int(parent) == self._app.pid
                if mine and b"index.encoding.encoder_child" in (folder / "cmdline").read_bytes():
                    return int(folder.name)
        return None

    # Faults -----------------------------------------------------------------------------------------------------------

    def encoder_killed(self) -> None:
        self._signal_encoder(signal.SIGKILL)

    def encoder_stopped(self) -> None:
        self._signal_encoder(signal.SIGSTOP)

    def encoder_killed_while_loading(self) -> None:
        for _ in range(2):
            self._signal_encoder(signal.SIGKILL)
            time.sleep(self.choice.uniform(0.5, 2.5))
        self._signal_encoder(self.choice.choice([signal.SIGKILL, signal.SIGSTOP]))

    def _signal_encoder(self, number: signal.Signals) -> None:
        child = self.encoder()
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def app_killed(self) -> None:
        self.end(signal.SIGKILL)

    def app_ended(self) -> None:
        code = self.end(signal.SIGTERM)
        if code not in (0, -signal.SIGTERM):
            self.ledger.problem(f"ended by SIGTERM the app returned {code}: {self.log_tail()}")

    def disk_full(self) -> None:
        if not self.has_small_disk:
            return
        filler = self.data / "filler"
        try:
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(1 << 16))
            with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(512))
            time.sleep(self.choice.uniform(4, 20))
        finally:
            filler.unlink()

    def database_locked(self) -> None:
        with contextlib.closing(sqlite3.connect(self.data / FILE_NAME, timeout=30, isolation_level=None)) as other:
            other.execute(f"BEGIN {self.choice.choice(['IMMEDIATE', 'EXCLUSIVE'])}")
            time.sleep(self.choice.uniform(2, 15))
            other.execute("ROLLBACK")

    def notes_changed(self) -> None:
        path = self.choice.choice(sorted(self.notes.rglob("*.md")))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nChanged at {time.time():.0f}.\n")

    def index_damaged(self) -> None:
        path = self.choice.choice(sorted(path for path in (self.data / "index").rglob("*") if path.is_file()))
        with contextlib.suppress(OSError), path.open("r+b") as file:
            file.seek(self.choice.randrange(max(1, path.stat().st_size)))
            file.write(b"damage")


def faults_of(world: World) -> dict[Callable[[], None], float]:
    """Return the faults with how often each is wanted. What makes the next start build anew is rare: it takes minutes."""
    return {
        world.encoder_killed: 4,
        world.encoder_stopped: 3,
        world.encoder_killed_while_loading: 3,
        world.app_killed: 4,
        world.app_ended: 1,
        world.disk_full: 4,
        world.database_locked: 4,
        world.notes_changed: 1,
        world.index_damaged: 0.6,
    }


def break_things(world: World, watcher: Watcher, ledger: Ledger, deadline: float) -> Counter[str]:
    """Break one thing after the other, now and then two at once; wait until the app is well in between."""
    faults, done = faults_of(world), Counter[str]()
    while time.monotonic() < deadline:
        chosen = world.choice.choices(list(faults), list(faults.values()), k=2 if world.choice.random() < 0.25 else 1)
        print(time.strftime("%H:%M:%S"), *(fault.__name__ for fault in chosen), f"{world.memory_mb()} MB", flush=True)
        threads = [threading.Thread(target=fault) for fault in chosen]
        for thread in threads:
            thread.start()
        for fault, thread in zip(chosen, threads, strict=True):
            thread.join()
            done[fault.__name__] += 1
        time.sleep(world.choice.uniform(2, 8))
        wait_until_well(world, watcher, ledger, "/".join(fault.__name__ for fault in chosen))
        time.sleep(world.choice.uniform(2, 15))
    return done


def wait_until_well(world: World, watcher: Watcher, ledger: Ledger, after: str) -> None:
    started = time.monotonic()
    while watcher.well_since is None or time.monotonic() - watcher.well_since < 2:
        if time.monotonic() - started > RECOVERY_SECONDS:
            ledger.problem(f"not well {RECOVERY_SECONDS:.0f} seconds after {after}: {world.log_tail()}")
            return
        time.sleep(0.5)
    ledger.took(f"well again after {after}", time.monotonic() - started)


def verify(world: World, ledger: Ledger) -> None:
    """Look for everything that was acknowledged."""
    with contextlib.closing(sqlite3.connect(world.data / FILE_NAME)) as database:
        (whole,) = database.execute("PRAGMA integrity_check").fetchone()
        sent = " ".join(text for (text,) in database.execute("SELECT text FROM question WHERE for_instructor"))
        entries = " ".join(str(row) for row in database.execute("SELECT * FROM entry"))
    if whole != "ok":
        ledger.problem(f"the database is damaged: {whole}")
    for kind, codes, found in (("question", ledger.questions, sent), ("entry", ledger.entries, entries)):
        missing = [code for code in codes if code not in found]
        if missing:
            ledger.problem(f"{len(missing)} of {len(codes)} acknowledged: {kind} missing: {missing[:5]}")
    for kind, codes, folder in (
        ("note", ledger.notes, world.notes),
        ("upload", ledger.staged, world.data / "staged-notes"),
    ):
        for name, code in codes.items():
            if not any(code in path.read_text(encoding="utf-8") for path in folder.rglob(name)):
                ledger.problem(f"an acknowledged {kind} is missing: {name}")


@contextlib.contextmanager
def living(people: list[tuple[Person, float]]) -> Iterator[None]:
    """Let people act, each with this pause on average, until the block ends."""
    stop = threading.Event()
    threads = [threading.Thread(target=person.live, args=(stop, pause), daemon=True) for person, pause in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(200)


def main() -> int:
    """Run and print; return 1 where anything was lost or went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    ledger, stop = Ledger(), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), ledger, random.Random(seed))
        watcher = Watcher(world.address, ledger)
        instructor = Instructor(world.address, ledger, world.notes, world.data)
        students: list[tuple[Person, float]] = [(ApiStudent(world.address, ledger), 4.0) for _ in range(2)]
        students += [(ChatStudent(world.address, ledger), 5.0) for _ in range(3)]
        try:
            world.prepare()
            world.start()
            supervisor = threading.Thread(target=world.keep_running, args=(stop,), daemon=True)
            supervisor.start()
            with living([(watcher, 1.0)]):
                wait_until_well(world, watcher, ledger, "the start")
                with living([*students, (instructor, 8.0)]):
                    faults = break_things(world, watcher, ledger, time.monotonic() + options.seconds)
                wait_until_well(world, watcher, ledger, "everything")
            stop.set()
            supervisor.join()
            memory = world.memory_mb()
            world.app_ended()
            verify(world, ledger)
        finally:
            stop.set()
            world.tidy()
    acknowledged = {"questions": len(ledger.questions), "entries": len(ledger.entries), "notes": len(ledger.notes)}
    print(json.dumps({
        "seconds": options.seconds, "seed": seed, "faults": faults, "acknowledged": acknowledged, "memory_mb": memory,
        "counts": dict(sorted(ledger.counts.items())), "slowest_seconds": dict(sorted(ledger.slowest.items())),
        "problems": ledger.problems,
    }, ensure_ascii=False))  # fmt: skip
    return 1 if ledger.problems else 0


if __name__ == "__main__":
    sys.exit(main())
