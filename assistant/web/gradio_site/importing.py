"""Imports Gradio without the stub files for editors that it makes beside its own modules at every import.

To make them it parses the source of every component, which is a third of the import's time; no setting leaves it out.
"""

import inspect
from importlib import import_module
from typing import Any


def import_gradio() -> None:
    """Import Gradio; a component whose source file is not found gets no stub file (``gradio.component_meta``)."""
    find_file = inspect.getfile

    def find_no_component(of: Any) -> str:  # noqa: ANN401 - whatever has a source file
        if str(getattr(of, "__module__", "")).startswith("gradio."):
            raise OSError("no stub file is wanted")
        return find_file(of)

    inspect.getfile = find_no_component
    try:
        import_module("gradio")
    finally:
        inspect.getfile = find_file
