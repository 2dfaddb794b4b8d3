import sqlite3
import stat
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.storage.database import FILE_NAME, Database, database_url, migrations
from assistant.faq.storage.entry_store import delete_entry, read_entries
from assistant.faq.storage.nearest_store import keep_apart, read_kept_apart
from assistant.faq.storage.tables import ACCOUNTS, CLUSTERS, METADATA
from index import SettingsError


def test_migrations_build_the_tables_that_the_program_uses(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_tables_of_the_first_version_are_migrated_and_can_be_had_back(faq_url: sa.URL) -> None:
    with Database.open(faq_url) as opened:
        with opened.writing() as connection:
            connection.execute(sa.insert(CLUSTERS), [{"created_ms": 1, "title": title} for title in "ab"])
            keep_apart(connection, 1, 2)
        with opened.writing() as connection:
            command.downgrade(migrations(connection), "0001")
        tables = sa.inspect(opened.engine)
        assert "kept_apart" not in tables.get_table_names()
        assert "nearest_id" not in {column["name"] for column in tables.get_columns("cluster")}
    with Database.open(faq_url) as again, again.reading() as connection:
        assert connection.execute(sa.select(CLUSTERS.c.title, CLUSTERS.c.nearest_id)).all() == [
            ("a", None),
            ("b", None),
        ]
        assert read_kept_apart(connection) == set()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_entries_of_an_earlier_version_stay_published_in_the_languages_that_were_written(faq_url: sa.URL) -> None:
    columns = "slug, module, question_ko, question_en, answer_ko, answer_en, citations, published, pinned, position"
    rows = [("both", "가", "a", True), ("korean", "가", "", True), ("draft", "가", "a", False)]
    with Database.open(faq_url) as opened, opened.writing() as connection:
        command.downgrade(migrations(connection), "0002")
        for slug, korean, english, published in rows:
            values = {"slug": slug, "ko": korean, "en": english, "published": published}
            connection.execute(
                sa.text(
                    f"INSERT INTO entry ({columns}, created_ms, updated_ms)"
                    " VALUES (:slug, 'M', '질문', 'Q', :ko, :en, '[]', :published, :published, 7, 1, 2)"
                ),
                values,
            )
    with Database.open(faq_url) as again:
        with again.reading() as connection:
            entries = read_entries(connection)
        assert {entry.slug: (entry.published_ko, entry.published_en) for entry in entries} == {
            "both": (True, True), "korean": (True, False), "draft": (False, False),
        }  # fmt: skip
        assert {(entry.position, entry.updated_ms, entry.version, entry.question_ko) for entry in entries} == {
            (7, 2, 0, "질문")
        }
        both = next(entry.identifier for entry in entries if entry.slug == "both")
        with again.writing() as connection:
            delete_entry(connection, both, 1)
            command.downgrade(migrations(connection), "0002")
            found = connection.execute(sa.text("SELECT slug, published FROM entry ORDER BY slug")).all()
        assert [(slug, bool(published)) for slug, published in found] == [("draft", False), ("korean", True)]


def test_opening_again_keeps_what_is_stored(faq_url: sa.URL) -> None:
    row = {"name": "kim", "password_hash": "x", "created_ms": 1}
    with Database.open(faq_url) as first, first.writing() as connection:
        connection.execute(sa.insert(ACCOUNTS), row)
    with Database.open(faq_url) as second, second.reading() as connection:
        assert dict(connection.execute(sa.select(ACCOUNTS)).mappings().one()) == row


def test_two_programs_that_start_at_once_migrate_in_turn(faq_url: sa.URL) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            Database.open(faq_url).close()
        except DatabaseUnavailableError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_start_waits_for_another_that_is_writing_to_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # not in WAL mode yet: SQLite itself would not wait here
    other.execute("CREATE TABLE written_by_the_other (number INTEGER)")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            other.commit()

    monkeypatch.setattr("assistant.faq.storage.database.time", SimpleNamespace(monotonic=time.monotonic, sleep=wait))
    with Database.open(database_url(None, tmp_path)) as opened, opened.reading() as connection:
        assert len(waits) == 3
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
        assert {*METADATA.tables, "written_by_the_other"} <= set(sa.inspect(connection).get_table_names())
    other.close()


def test_a_database_of_a_newer_version_is_refused_with_a_clear_word(faq_url: sa.URL) -> None:
    with Database.open(faq_url) as opened, opened.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailableError, match="newer version"):
        Database.open(faq_url)


def test_an_error_inside_writing_undoes_the_change(database: Database) -> None:
    row = {"name": "kim", "password_hash": "x", "created_ms": 1}
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.execute(sa.insert(ACCOUNTS), [row, row])
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ACCOUNTS)).scalar() == 0


def test_the_sqlite_file_is_its_owners_only(tmp_path: Path) -> None:
    Database.open(database_url(None, tmp_path)).close()
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_a_damaged_file_is_an_unavailable_database(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseUnavailableError):
        Database.open(database_url(None, tmp_path))


def test_an_unreachable_server_is_an_unavailable_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError):
        Database.open(database_url("postgresql://nobody@127.0.0.1:9/none", tmp_path))


def test_a_folder_that_cannot_be_made_is_an_unavailable_database(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailableError):
        Database.open(database_url(None, tmp_path / "file" / "data"))


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param("postgresql://u@h/d", "postgresql+psycopg://u@h/d", id="postgresql"),
        pytest.param("postgres://u@h/d", "postgresql+psycopg://u@h/d", id="postgres-as-hosts-write-it"),
        pytest.param("sqlite:////var/lib/faq.db", "sqlite:////var/lib/faq.db", id="another-sqlite-file"),
    ],
)
def test_urls_are_understood_as_people_write_them(setting: str, expected: str, tmp_path: Path) -> None:
    assert database_url(setting, tmp_path).render_as_string() == expected


@pytest.mark.parametrize("setting", ["mysql://u@h/d", "no url at all"], ids=["mysql", "nonsense"])
def test_other_databases_are_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NOTES_DATABASE_URL"):
        database_url(setting, tmp_path)
