"""Fixtures shared by all tests: one real encoder and one real index of ``content/`` a session."""

import gc
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from index import CourseIndex, Encoder, load_encoder, open_or_build
from index.course_index import ENCODER_CACHE
from tests.helpers.fakes import HashingEncoder
from tests.helpers.faq_databases import database, faq_url, postgres_server  # noqa: F401 - fixtures of the storage tests
from tests.helpers.small_builds import (
    few_background_questions,
    few_other_subjects,
    five_terms,
)
from tests.places import ROOT

_REAL_PARTS = {"encoder", "course_index", "assistant"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out what needs the encoder, a server, a process or a browser"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run fast tests first: without the encoder, with it, then browsers and language models."""
    items.sort(key=_stage)
    if config.getoption("--quick"):
        left_out = [item for item in items if _stage(item) or _starts_something(item)]
        items[:] = [item for item in items if not (_stage(item) or _starts_something(item))]
        if left_out:
            config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what was imported, which stays; going through it takes a tenth of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Deselected:
    """Counts what is left out, by ``--quick``, ``-k`` or ``-m``: with several workers pytest tells of none of it.

    Every worker leaves out the same. The closing line says how many, so that whoever reads it sees that not all ran.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._by_workers: list[str] = []

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._names += [item.nodeid for item in items]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["deselected"] = self._names

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._by_workers = getattr(node, "workeroutput", {}).get("deselected") or self._by_workers

    @pytest.hookimpl(trylast=True)  # others look for reports in what is counted
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._by_workers:
            terminalreporter.stats["deselected"] = self._by_workers


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Deselected(), "deselected")


def _starts_something(item: pytest.Item) -> bool:
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return item.get_closest_marker("slow") is not None or parameters.get("faq_url") == "postgresql"


def _stage(item: pytest.Item) -> int:
    if item.path.parent.name == "browser" or item.get_closest_marker("llm"):
        return 2
    return int(bool(_REAL_PARTS & set(getattr(item, "fixturenames", ()))))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The data folder that all tests with the real encoder share, so that it is converted once."""
    return Path(os.environ.get("TEST_DATA_DIR", ROOT / ".notes-data"))


@pytest.fixture(scope="session")
def encoder(data_dir: Path) -> Encoder:
    """The bundled encoder."""
    return load_encoder("bundled", data_dir / ENCODER_CACHE)


@pytest.fixture
def loaded_encoder(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens an index in this process finds the encoder loaded."""
    monkeypatch.setattr("index.course_index.load_encoder", lambda *_: encoder)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Settings:
    """Settings for the course that ships with the project."""
    return Settings(dir=ROOT / "content", data_dir=data_dir)


@pytest.fixture(scope="session")
def course_index(settings: Settings, encoder: Encoder) -> CourseIndex:
    """The real index of ``content/``."""
    return open_or_build(settings, None, encoder)


@pytest.fixture(scope="session")
def assistant(course_index: CourseIndex) -> Assistant:
    """The assistant with the embedded default."""
    return Assistant(course_index)


@pytest.fixture(scope="session", autouse=True)
def no_questions_of_another_course() -> Iterator[None]:
    """Notes made up by a test are no other version of the course that ships with the project: do not even look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.reading.facts.COURSE_FILE", ROOT / "no-such-file.yaml")
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_work() -> Iterator[None]:
    """What is done over and over by tests that are about other things costs little: small builds, hashed passwords."""
    with pytest.MonkeyPatch.context() as patch, few_background_questions():
        patch.setattr(
            "assistant.faq.accounts.account_store.PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64)
        )
        yield


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    """A fast encoder whose vectors can be worked out by hand."""
    return HashingEncoder()


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory, and no ``NOTES_*`` setting in the environment."""
    for name in [name for name in os.environ if name.startswith("NOTES_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def few_subjects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Few texts about other subjects for a test that builds an index with the real encoder and is about other things."""
    with few_other_subjects(tmp_path_factory.mktemp("subjects")):
        yield


@pytest.fixture(scope="module")
def small_glossary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Five terms for all tests of a module, which build often, are not about terms and use no ``course_index``."""
    with five_terms(tmp_path_factory.mktemp("glossary")):
        yield


@pytest.fixture
def small_glossary_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Five terms for one test: to the others of its module the index of the course is not stale."""
    with five_terms(tmp_path_factory.mktemp("glossary")):
        yield
