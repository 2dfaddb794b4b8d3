"""The file of the database moved away, deleted or replaced while it is in use: noticed, told, and nothing lost."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.log import QuestionLog
from assistant.faq.storage.database import FILE_NAME, Database, database_url, migrations
from assistant.faq.storage.question_store import read_questions
from assistant.faq.storage.tables import ACCOUNTS
from index.background import Background
from tests.helpers.faq_questions import answer

TOLD = r"moved away or deleted while in use\. Put it back"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Database]:
    with Database.open(database_url(None, tmp_path)) as database:
        add(database, "before")
        yield database


def add(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.insert(ACCOUNTS), {"name": name, "password_hash": "x", "created_ms": 1})


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(sa.select(ACCOUNTS.c.name).order_by(ACCOUNTS.c.name)).scalars())


def test_a_file_that_was_moved_away_is_told_and_used_again_once_it_is_back(opened: Database, tmp_path: Path) -> None:
    file, away = tmp_path / FILE_NAME, tmp_path / "away.sqlite"
    file.rename(away)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailableError, match=TOLD):
            add(opened, "lost")
        with pytest.raises(DatabaseUnavailableError, match=TOLD):
            names(opened)
    assert not file.exists(), "no empty one takes its place"
    moved = sqlite3.connect(away)
    assert moved.execute("SELECT name FROM account").fetchall() == [("before",)], "whole, wherever it is"
    moved.close()
    away.rename(file)
    add(opened, "since")
    assert names(opened) == ["before", "since"]


def test_nothing_is_written_into_a_file_that_was_deleted(opened: Database, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).unlink()
    with pytest.raises(DatabaseUnavailableError, match=TOLD):
        add(opened, "lost")


def test_a_folder_that_was_moved_away_is_told(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path / "data")) as database:
        (tmp_path / "data").rename(tmp_path / "elsewhere")
        with pytest.raises(DatabaseUnavailableError, match=TOLD):
            add(database, "lost")
        (tmp_path / "elsewhere").rename(tmp_path / "data")
        add(database, "kept")
        assert names(database) == ["kept"]


def test_a_backup_of_an_earlier_version_that_is_put_in_its_place_is_taken_up(opened: Database, tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path / "old")) as old:
        add(old, "backup")
        with old.writing() as connection:
            command.downgrade(migrations(connection), "0002")
    file, generation = tmp_path / FILE_NAME, opened.generation
    file.rename(tmp_path / "away.sqlite")
    shutil.move(tmp_path / "old" / FILE_NAME, file)
    assert names(opened) == ["backup"]
    add(opened, "since")
    assert names(opened) == ["backup", "since"]
    assert opened.generation != generation


def test_another_file_is_taken_up_only_when_nothing_is_under_way_in_the_one_that_was_moved(
    opened: Database, tmp_path: Path
) -> None:
    with Database.open(database_url(None, tmp_path / "old")) as old:
        add(old, "backup")
    file, away = tmp_path / FILE_NAME, tmp_path / "away.sqlite"

    def write_while_it_is_exchanged() -> None:
        with opened.writing() as connection:
            connection.execute(sa.insert(ACCOUNTS), {"name": "lost", "password_hash": "x", "created_ms": 1})
            file.rename(away)
            shutil.move(tmp_path / "old" / FILE_NAME, file)
            with pytest.raises(DatabaseUnavailableError, match=TOLD):
                names(opened)

    with pytest.raises(DatabaseUnavailableError, match=TOLD):
        write_while_it_is_exchanged()
    assert names(opened) == ["backup"], "nothing of the file that was moved is in it"
    moved = sqlite3.connect(away)
    assert ("before",) in moved.execute("SELECT name FROM account").fetchall()
    moved.close()


def test_a_file_that_is_still_being_copied_is_waited_for(opened: Database, tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.rename(tmp_path / "away.sqlite")
    file.touch()
    with pytest.raises(DatabaseUnavailableError, match=TOLD):
        add(opened, "lost")
    assert file.stat().st_size == 0


def test_something_else_in_its_place_is_told_and_the_right_one_taken_up_later(opened: Database, tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.rename(tmp_path / "away.sqlite")
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseUnavailableError):
        names(opened)
    (tmp_path / "away.sqlite").rename(file)
    assert names(opened) == ["before"]


def test_questions_wait_until_the_file_is_back_and_are_in_it_then(opened: Database, tmp_path: Path) -> None:
    file, away = tmp_path / FILE_NAME, tmp_path / "away.sqlite"
    background = Background()
    log = QuestionLog(opened, background=background)
    try:
        assert log.record(answer("하나?")).wait(10)
        file.rename(away)
        waiting = log.record(answer("둘?"))
        assert not waiting.wait(0.5)
        (failure,) = background.failures
        assert "Put it back" in failure.reason
        away.rename(file)
        assert waiting.wait(20)
        with opened.reading() as connection:
            assert [question.text for question in read_questions(connection)] == ["하나?", "둘?"]
    finally:
        log.close()
