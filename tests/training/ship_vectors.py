"""Writes index/data/shipped_vectors.npz anew: the vectors of the course, the known questions and the texts beside them.

To be run (``make vectors``) when any of these texts, how they are cut, or the bundled encoder has changed.
"""

import argparse
import tempfile
import time
from pathlib import Path

from index import build as build_module
from index import load_encoder
from index.command_line import progress_bar
from index.encoding.shipped_vectors import FILE, RecordingEncoder
from tests.places import CONTENT, ROOT


def main() -> None:
    """Build the index of ``content/`` with no vector known, and write all that was encoded for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data", help="where the converted encoder is kept")
    parser.add_argument("--out", type=Path, default=FILE)
    chosen = parser.parse_args()
    chosen.out.unlink(missing_ok=True)
    recording = RecordingEncoder(load_encoder("bundled", chosen.data / "encoder"))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        build_module.build(CONTENT, Path(folder), recording, "bundled", progress_bar())
    count = recording.write(chosen.out)
    seconds, size = time.perf_counter() - started, chosen.out.stat().st_size / 1e6
    print(f"{count} vectors, {size:.1f} MB, {seconds:.0f} s")


if __name__ == "__main__":
    main()
