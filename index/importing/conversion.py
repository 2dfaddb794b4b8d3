"""Turns a file into Markdown in a process of its own, with limits: no file harms the program that asks."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path, PurePosixPath

from index.errors import PackageMissingError
from index.importing.converter_child import Converted, NotConverted
from index.importing.formats import NoNoteError, check_format, check_source
from index.json_values import record_in
from index.reading.notes import MAX_NOTE_BYTES

#: A thousand pages of text take 14 seconds of a core's time (docs/importing.md); OCR takes seconds a page.
MAX_CONVERSION_SECONDS = 600.0
_ROOT = Path(__file__).resolve().parent.parent.parent
_CHILD = ("-m", "index.importing.converter_child")


def convert(data: bytes, name: str, seconds: float = MAX_CONVERSION_SECONDS) -> Converted:
    """Return the file called ``name`` as Markdown.

    :param seconds: How long it may take.
    :raises NoNoteError: If the file cannot become a note; the sentence says why.
    :raises PackageMissingError: If packages are missing.
    """
    check_format(name)
    check_source(data, name)
    record = _asked(data, name, seconds)
    if isinstance(record, NotConverted):
        if record.kind == "packages":
            raise PackageMissingError(record.sentence)
        raise NoNoteError(record.kind, record.sentence, record.detail)
    if len(record.markdown.encode()) > MAX_NOTE_BYTES // 2:
        megabytes = MAX_NOTE_BYTES // 2 // 2**20
        raise NoNoteError("text_too_large", f"{name}: it holds more than {megabytes} MB of text; split it.")
    return record


def _asked(data: bytes, name: str, seconds: float) -> Converted | NotConverted:
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    title = PurePosixPath(name).stem
    child = subprocess.Popen(  # no shell, our own program  # nosec B603
        [sys.executable, *_CHILD, name, title],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
        start_new_session=True,  # so that what it starts ends with it
    )
    try:
        out, _ = child.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        return NotConverted("too_slow", f"{name}: reading it took longer than {seconds:.0f} seconds; split it.")
    finally:
        _end(child)
    try:
        return record_in(Converted if child.returncode == 0 and b'"markdown"' in out[:20] else NotConverted, out)
    except ValueError:  # it ended before it could say why
        return NotConverted("out_of_memory", f"{name}: reading it needs more memory than a file may take, or crashes.")


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    child.wait()
