"""``python -m assistant faq``: list, export and import the instructor's entries; add instructor accounts."""

import argparse
import getpass
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assistant.faq.accounts.account_store import set_password
from assistant.faq.errors import FaqFileError
from assistant.faq.exchange import format_of, read_file, to_note
from assistant.faq.records import LANGUAGES, Entry, moment
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import free_slugs, read_entries, save_entry
from assistant.faq.storage.tables import CLUSTERS
from assistant.settings import Settings


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add the command to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser("faq", help="what the class asks, and the instructor's answers")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", parents=[places], help="entries, and groups of questions that ask the same")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.add_argument("-k", type=int, default=20, metavar="N", help="at most N groups (default: 20)")
    listing.set_defaults(run=run_list)
    export = actions.add_parser("export", parents=[places], help="write all entries to a .json, .csv or .md file")
    export.add_argument("file", nargs="?", type=Path, metavar="FILE")
    export.add_argument("--note", type=Path, metavar="DIR", help="write faq.ko.md and faq.en.md as notes into DIR")
    export.set_defaults(run=run_export)
    importing = actions.add_parser(
        "import", parents=[places], help="read entries from such a file; those of the same slug are replaced"
    )
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.set_defaults(run=run_import)
    account = actions.add_parser("account", parents=[places], help="add an instructor, or set a new password")
    account.add_argument("name", metavar="NAME")
    account.set_defaults(run=run_account)


def open_database(settings: Settings) -> Database:
    """Return the database that ``settings`` name."""
    return Database.open(database_url(settings.database_url, settings.data_dir))


def run_list(settings: Settings, options: argparse.Namespace) -> None:
    """Print entries and groups."""
    with open_database(settings) as database, database.reading() as connection:
        entries = read_entries(connection)
        groups = read_summaries(connection, int(time.time() * 1000))[: max(options.k, 0)]
    if options.json:
        rows = [
            {"id": g.identifier, "question": g.title, "count": g.count, "declined": g.declined, "trend": g.trend}
            for g in groups
        ]
        print(json.dumps({"entries": [entry.to_json() for entry in entries], "groups": rows}, ensure_ascii=False))
        return
    print(f"{len(entries)} entries")
    for entry in entries:
        state = "published" if entry.is_published else "draft"
        print(f"  {entry.identifier:>4}  {state:<9}  {entry.question('ko')}  #{entry.slug}")
    print(f"{len(groups)} groups of questions")
    for group in groups:
        last = moment(group.last_ms).strftime("%Y-%m-%d")
        print(f"  {group.identifier:>4}  {group.count:>5}×  {group.declined:>4} declined  {last}  {group.title}")


def run_export(settings: Settings, options: argparse.Namespace) -> None:
    """Write entries."""
    if (options.file is None) == (options.note is None):
        raise FaqFileError("give either FILE or --note DIR.", "export")
    with open_database(settings) as database, database.reading() as connection:
        entries = read_entries(connection)
    if options.file is not None:
        _write(options.file, format_of(options.file).write(entries))
    else:
        for language in LANGUAGES:
            _write(options.note / f"faq.{language}.md", to_note(entries, language))


def run_import(settings: Settings, options: argparse.Namespace) -> None:
    """Read entries and store them: all, or none if one is wrong."""
    entries = read_file(options.file)
    with open_database(settings) as database:
        print(f"{import_entries(database, entries)} entries imported")


def import_entries(database: Database, entries: list[Entry]) -> int:
    """Store ``entries`` and return their number; one whose slug is known replaces the known one.

    Groups that this database does not have are left out.
    """
    now_ms = int(time.time() * 1000)
    with database.writing() as connection:
        known = {entry.slug: entry for entry in read_entries(connection)}
        free_slugs(connection, [entry.slug for entry in entries])
        groups = set(connection.execute(sa.select(CLUSTERS.c.id)).scalars())
        for entry in entries:
            old = known.get(entry.slug)
            cluster = entry.cluster if entry.cluster in groups else None
            number, version = (old.identifier, old.version) if old else (0, 0)
            saved = save_entry(connection, replace(entry, identifier=number, version=version, cluster=cluster), now_ms)
            known[saved.slug] = saved
    return len(entries)


def run_account(settings: Settings, options: argparse.Namespace) -> None:
    """Ask for a password, or read one line of standard input, and store its hash."""
    interactive = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if interactive else sys.stdin.readline().rstrip("\n")
    with open_database(settings) as database:
        set_password(database, options.name, password)
    print(f"{options.name} can sign in.")


def _write(path: Path, text: str) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except OSError as error:
        raise FaqFileError(f"the file cannot be written: {error.strerror}.", str(path)) from error
    print(path)
