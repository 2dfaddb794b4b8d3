"""Gradio is imported without its stub files, and works as always."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

PROGRAM = """
import inspect, sys
opened = []
sys.addaudithook(lambda event, details: opened.append(str(details[0])) if event == "open" else None)
from assistant.web.gradio_site.importing import import_gradio
import_gradio()
assert inspect.getfile(inspect).endswith("inspect.py")
import gradio
assert inspect.getfile(gradio.Button).endswith("button.py")
print(sum(name.endswith(".pyi") for name in opened), sum(name.endswith(".pyc") for name in opened) > 100)
"""


def test_no_stub_file_is_read_or_written() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "True"]
