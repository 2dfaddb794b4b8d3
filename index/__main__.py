"""The command line of the index: build, search, check, import, evaluate, info, calibrate."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.border import clean_json
from index.build import BuildReport
from index.checking import check_command
from index.command_line import CommandParser, exit_code, given_places, places_parser, progress_bar
from index.course_index import CourseIndex, build_index, open_or_build
from index.errors import ContentError, QuestionError
from index.evaluating import commands as evaluation_commands
from index.importing import import_command
from index.json_values import json_values
from index.reading.layout.note_files import find_notes
from index.records import Decision, Hit, SearchResult
from index.settings import ASSISTANT_NAMES, IndexSettings, environment, read_settings
from index.store import index_folder, read_manifest


def main(arguments: Sequence[str] | None = None, program: str = "python -m index") -> int:
    """Run one command and return the exit code: 0, or 2 with one line on standard error.

    :param program: What was typed, for the help.
    """
    parser = _parser(program)
    options = parser.parse_args(arguments)

    def command() -> None:
        settings = read_settings(IndexSettings, environment(), ASSISTANT_NAMES)
        options.run(settings.model_copy(update=given_places(options)), options)

    return exit_code(command, options)


def _parser(program: str) -> CommandParser:
    places = places_parser()
    places.add_argument("--encoder", metavar="NAME", help="bundled, or a sentence-transformers id or folder")
    parser = CommandParser(prog=program, description="Build and search the index of the notes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", parents=[places], help="read the notes and build or update the index")
    command.set_defaults(run=_build)

    command = commands.add_parser("search", parents=[places], help="find the sections that answer a question")
    command.add_argument("question", nargs="?", help="the question")
    command.add_argument("--batch", type=Path, metavar="FILE", help='JSON Lines with {"id", "query"}')
    command.add_argument("-k", type=_positive, default=10, metavar="COUNT", help="hits at most (default: 10)")
    command.add_argument("--module", metavar="NAME", help="only this module, such as 'Module 3'")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_search)

    evaluation_commands.register(commands, places)
    import_command.register(commands, places)
    check_command.register(commands, places)

    command = commands.add_parser("info", parents=[places], help="say what the index holds")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_info)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return int(text)


def _build(settings: IndexSettings, options: argparse.Namespace) -> None:  # noqa: ARG001 - all commands alike
    for sentence in find_notes(settings.dir).told:
        print(f"note: {sentence}", file=sys.stderr)
    report = build_index(settings, progress=progress_bar())
    _warn(report)
    print(report.summary())


def _warn(report: BuildReport) -> None:
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)


def _search(settings: IndexSettings, options: argparse.Namespace) -> None:
    if (options.question is None) == (options.batch is None):
        raise QuestionError("Give either a question or --batch FILE.")
    rows = read_batch(options.batch) if options.batch else None
    course_index = _open(settings, options)
    if rows is None:
        result = course_index.search(options.question, options.k, options.module)
        print(json.dumps(_row(None, result), ensure_ascii=False) if options.json else _readable(result))
        return
    for row in rows:
        try:
            result = course_index.search(row["query"], options.k, options.module)
        except QuestionError as error:
            print(f"warning: {row['id']}: {error}", file=sys.stderr)
            result = SearchResult(row["query"], "en", (), Decision(False, 0.0, ()))
        print(json.dumps(_row(row["id"], result), ensure_ascii=False), flush=True)


def _open(settings: IndexSettings, options: argparse.Namespace) -> CourseIndex:
    """Open the index; with ``--notes`` build it first where it is missing or stale."""
    if options.notes is None:
        return CourseIndex.open(settings)
    return open_or_build(settings, progress_bar())


def read_batch(path: Path, field: str = "query") -> list[dict[str, Any]]:
    """Return the rows of a JSON Lines file, each with ``id`` and the text ``field``.

    :raises ContentError: If the file cannot be read, or a row lacks a field; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"the batch file cannot be read: {error}", path) from error
    return list(_rows(lines, path, field))


def _rows(lines: Sequence[str], path: Path, field: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = clean_json(line)
        except QuestionError as error:
            raise ContentError(str(error), path, number) from error
        except ValueError as error:
            raise ContentError(f"not JSON: {error}", path, number) from error
        if not isinstance(row, dict) or not isinstance(row.get(field), str) or "id" not in row:
            raise ContentError(f'a row must hold "id" and "{field}"', path, number)
        yield row


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON values."""
    return {
        "file": hit.section.file,
        "heading": hit.section.heading,
        "heading_path": list(hit.section.heading_path),
        "module": hit.section.module,
        "first_line": hit.section.first_line,
        "last_line": hit.section.last_line,
        "score": hit.score,
        "text": hit.text,
    }


def _row(identifier: Any, result: SearchResult) -> dict[str, Any]:  # noqa: ANN401 - ids are passed through
    return {
        "id": identifier,
        "hits": [hit_to_json(hit) for hit in result.hits],
        "grounded": result.decision.grounded,
        "probability": result.decision.probability,
        "absent": list(result.decision.absent),
    }


def _readable(result: SearchResult) -> str:
    decision = result.decision
    verdict = "The notes answer this" if decision.grounded else "The notes do not seem to answer this"
    lines = [f"{verdict} (probability {decision.probability:.2f})."]
    if decision.absent:
        lines.append(f"Never mentioned: {', '.join(decision.absent)}.")
    for number, hit in enumerate(result.hits, start=1):
        section = hit.section
        lines.append(f"{number:2}. {hit.score:.3f}  {' > '.join(section.heading_path)}")
        lines.append(f"           {section.module}, {section.file}:{section.first_line}-{section.last_line}")
        if hit.best_line:
            lines.append(f"           {hit.best_line.text}")
    return "\n".join(lines)


def _info(settings: IndexSettings, options: argparse.Namespace) -> None:
    folder = index_folder(settings.data_dir, settings.dir)
    manifest = read_manifest(folder)
    facts = {
        "notes": str(settings.dir),
        "index": str(folder),
        **manifest.counts,
        "encoder": manifest.encoder,
        "fingerprint": manifest.fingerprint,
        "format_version": manifest.format_version,
    }
    counts = manifest.counts
    print(
        json.dumps({**facts, "counts": counts, "left_out": json_values(manifest.left_out)}, ensure_ascii=False)
        if options.json
        else "\n".join(
            [*(f"{name}: {value}" for name, value in {**facts, **counts}.items()), *map(str, manifest.left_out)]
        )
    )


if __name__ == "__main__":
    sys.exit(main())
