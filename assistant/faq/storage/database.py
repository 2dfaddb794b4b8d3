"""Opens the database of the FAQ: SQLite in the data folder, or PostgreSQL by URL; brings its tables up to date."""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import event, exc

from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.storage.database_file import DatabaseFile, FileState
from index import SettingsError

FILE_NAME = "faq.sqlite"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 2.0
_LOGGER = logging.getLogger(__name__)
_MIGRATION_LOCK = 7_305_521  # any number of our own, for PostgreSQL's advisory lock


def database_url(setting: str | None, data: Path) -> sa.URL:
    """Return the URL in ``setting``, or that of the SQLite file in the folder ``data``.

    :raises SettingsError: If it is no URL of SQLite or PostgreSQL.
    """
    if not setting:
        return sa.URL.create("sqlite", database=str((data / FILE_NAME).resolve()))
    try:
        url = sa.make_url(setting)
    except exc.ArgumentError as error:
        raise SettingsError("NOTES_DATABASE_URL is no database URL, such as postgresql://user@host/name.") from error
    kind = url.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return url
    raise SettingsError(f"NOTES_DATABASE_URL names {kind}; sqlite and postgresql are supported.")


class Database:
    """A database whose tables are up to date. Use it as a context manager, or call :meth:`close`.

    While the file of a SQLite database is gone from its place nothing is read or written; another one that is put there
    is taken up.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writing=True)
        self._preparing = threading.Lock()
        self._is_prepared = False
        url = engine.url
        in_file = _is_sqlite(url) and url.database and url.database != ":memory:"
        self._file = DatabaseFile(Path(url.database)) if in_file and url.database else None
        self._looking = threading.Lock()
        self._in_use = 0
        self._generation = 0
        self._is_complete = False

    @classmethod
    def open(cls, url: sa.URL) -> "Database":
        """Connect to ``url``, create what is missing and migrate what is old.

        :raises DatabaseUnavailableError: If it cannot be reached or was written by a newer version.
        """
        database = cls.of(url)
        try:
            database.prepare()
        except DatabaseUnavailableError:
            database.close()
            raise
        return database

    @classmethod
    def of(cls, url: sa.URL) -> "Database":
        """Return the database at ``url``, which is prepared when it is first used: it may not be there yet.

        :raises SettingsError: If ``url`` names a driver that is not installed.
        """
        try:
            engine = sa.create_engine(url, hide_parameters=True, **_engine_options(url))
        except exc.NoSuchModuleError as error:
            raise SettingsError(f"NOTES_DATABASE_URL: {error}") from error
        except ImportError as error:
            raise SettingsError('PostgreSQL needs one more package: pip install "psycopg[binary]"') from error
        if _is_sqlite(url):
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    def prepare(self) -> None:
        """Create what is missing and migrate what is old, unless that is done.

        :raises DatabaseUnavailableError: If it cannot be reached or was written by a newer version.
        """
        if self._is_prepared:
            return
        with self._preparing:
            if not self._is_prepared:
                url = self._engine.url
                if self.is_sqlite and url.database and url.database != ":memory:":
                    _make_private_file(Path(url.database))
                self._migrate()
                if self._file is not None:
                    self._file.take_up()
                self._is_prepared = True

    @property
    def engine(self) -> sa.Engine:
        """The engine, for those who need more than :meth:`reading` and :meth:`writing`."""
        return self._engine

    @property
    def generation(self) -> int:
        """Another number after another file was taken up: what was read before may not be in it."""
        return self._generation

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return _is_sqlite(self._engine.url)

    @contextlib.contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """Give a connection for reading; it waits for no writer.

        :raises DatabaseUnavailableError: If the database cannot be read.
        """
        self.prepare()
        with self._watched(), _translated(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Generator[sa.Connection]:
        """Give a connection whose changes are committed at the end, or undone if an error leaves the block.

        :raises DatabaseUnavailableError: If the database is locked, full or unreachable.
        """
        self.prepare()
        with self._watched():
            with _translated(), self._writing.begin() as connection:
                yield connection
            if self._file is not None and self._file.state() is not FileState.SAME:
                raise self._gone()  # moved meanwhile, perhaps before this was written: it has to be done again

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _watched(self) -> Generator[None]:
        """See to it that what is done meanwhile is read from and written to one file, the one at the path.

        :raises DatabaseUnavailableError: If that is gone, or another one that cannot be opened.
        """
        with self._looking:
            self._look_at_file()
            self._in_use += 1
        try:
            yield
        finally:
            with self._looking:
                self._in_use -= 1

    def _look_at_file(self) -> None:
        if self._file is None or self._file.state() is FileState.SAME:
            self._is_complete = False
            return
        if self._in_use:  # what is under way ends first: only its connections know the file that was moved
            raise self._gone()
        self._complete_moved_file()
        if self._file.state() is not FileState.ANOTHER:
            raise self._gone()
        _LOGGER.warning("There is another file at %s: it is taken up.", self._file.path)
        self._engine.dispose()
        self._migrate()
        self._file.take_up()
        self._generation += 1

    def _complete_moved_file(self) -> None:
        """Write what is still beside the file that was opened into it, wherever that is now: it is whole then.

        Else it would stay in a file beside the old place, and be taken for that of the next one that is put there.
        """
        if self._is_complete:
            return
        self._is_complete = True
        with _translated(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # not within a transaction

    def _gone(self) -> DatabaseUnavailableError:
        place = self._file.path if self._file else ""
        told = "was moved away or deleted while in use. Put it back: nothing is stored until then."
        return DatabaseUnavailableError(f"The FAQ database {place} {told}")

    def _migrate(self) -> None:
        with (
            _translated(),
            self._writing.begin() as connection,
        ):  # one transaction: two programs that start at once migrate in turn
            if not self.is_sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            try:
                command.upgrade(migrations(connection), "head")
            except CommandError as error:
                raise DatabaseUnavailableError(
                    f"The FAQ database was written by a newer version of this program: {error}"
                ) from error


def migrations(connection: sa.Connection) -> Config:
    """Return what Alembic's commands take to migrate the database behind ``connection``."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engine_options(url: sa.URL) -> dict[str, Any]:
    if not _is_sqlite(url):
        return {"connect_args": {"connect_timeout": 5}, "pool_pre_ping": True}
    patience: dict[str, Any] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    if not url.database or url.database == ":memory:" or url.query:
        return {"connect_args": patience}
    # Never creates the file: one that was moved away must not be replaced by an empty one.
    address = f"file:{quote(str(Path(url.database).absolute()))}?mode=rw"
    return {"creator": lambda: sqlite3.connect(address, uri=True, **patience)}


def _make_private_file(file: Path) -> None:
    """Create ``file`` for its owner only: it will hold students' questions and hashed passwords."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailableError(f"The FAQ database {file} cannot be written: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI connection
    connection.isolation_level = None  # SQLAlchemy begins, not the driver: see _begin_sqlite
    # WAL: readers and the writer do not wait for each other; FULL: what is committed survives a power cut.
    _turn_wal_on(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _turn_wal_on(connection: Any) -> None:  # noqa: ANN401 - DBAPI connection
    """Wait for one's turn: of two programs that turn it on at once, SQLite fails one without its usual waiting."""
    latest = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:  # noqa: PERF203 - it waits anyway
            if "locked" not in str(error) or time.monotonic() > latest:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes the lock at once, so that it waits its turn instead of failing when it first writes.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextlib.contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except (exc.IntegrityError, exc.DataError, exc.ProgrammingError):
        raise  # our fault, not the database's
    except (exc.DBAPIError, exc.TimeoutError) as error:
        raise DatabaseUnavailableError(f"The FAQ database is not available: {_reason(error)}") from error


def _reason(error: exc.SQLAlchemyError) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).strip().split("\n")[0] or type(original).__name__
