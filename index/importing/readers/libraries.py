"""The door through which the libraries that read formats come in: when a file is read, and without their types.

They are an extra, and most of them have no types; what comes out of them is annotated where it enters our code.
"""

from importlib import import_module
from typing import Any


def library(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
    """Return the module called ``name``; :func:`index.importing.formats.check_format` looks before that it is there."""
    return import_module(name)
