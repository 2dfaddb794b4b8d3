"""Fixtures shared by all tests: one real encoder and one real index of ``content/`` a session."""

import os
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from index import CourseIndex, Encoder, load_encoder, open_or_build
from index.course_index import ENCODER_CACHE

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The data folder that all tests with the real encoder share, so that it is converted once."""
    return Path(os.environ.get("TEST_DATA_DIR", ROOT / ".notes-data"))


@pytest.fixture(scope="session")
def encoder(data_dir: Path) -> Encoder:
    """The bundled encoder."""
    return load_encoder("bundled", data_dir / ENCODER_CACHE)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Settings:
    """Settings for the course that ships with the project."""
    return Settings(dir=ROOT / "content", data_dir=data_dir)


@pytest.fixture(scope="session")
def course_index(settings: Settings) -> CourseIndex:
    """The real index of ``content/``."""
    return open_or_build(settings)


@pytest.fixture(scope="session")
def assistant(course_index: CourseIndex) -> Assistant:
    """The assistant with the embedded default."""
    return Assistant(course_index)
