"""A class of 20,000 logged questions in 400 groups, written straight into a database."""

from pathlib import Path

import sqlalchemy as sa

from assistant.faq.records import LoggedQuestion
from assistant.faq.storage.cluster_store import add_cluster
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.question_store import write_changes
from assistant.faq.storage.tables import PHRASINGS, QUESTIONS
from tests.helpers.faq_questions import citation

QUESTIONS_LOGGED = 20_000
GROUPS = 400
NOW_MS = 1_800_000_000_000


def log_a_class(folder: Path) -> None:
    """Write the questions into the database of ``folder``."""
    with Database.open(database_url(None, folder)) as database, database.writing() as connection:
        for number in range(GROUPS):
            cluster = add_cluster(connection, NOW_MS, f"질문 {number}")
            row = {"key": str(number), "text": f"질문 {number}", "language": "ko", "vector": b"", "encoder": "none"}
            connection.execute(sa.insert(PHRASINGS).values(cluster_id=cluster, **row))
        for first in range(0, QUESTIONS_LOGGED, 1000):
            write_changes(connection, [_logged(number) for number in range(first, first + 1000)])
        connection.execute(sa.update(QUESTIONS).values(phrasing_id=QUESTIONS.c.text.cast(sa.Integer) % GROUPS + 1))


def _logged(number: int) -> LoggedQuestion:
    asked_ms = NOW_MS - number * 120_000
    declined = number % 5 == 0
    return LoggedQuestion(
        f"{number:032x}", asked_ms, str(number), "ko", "모듈 5: S3", not declined, "", 0.9, "extractive",
        () if declined else (citation(),), "",
    )  # fmt: skip
