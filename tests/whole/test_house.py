"""The rules of the house: one name for one thing, modules that can be read at a sitting, folders that can be overlooked."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.places import ROOT

MOST_LINES = 400
MOST_MODULES = 14
#: Names that several modules define on purpose, and why.
ALLOWED = {
    "from_json": "the module says of what",
    "to_json": "the module says of what",
    "to_markdown": "the module says of what",
    "create_router": "every page makes its routes under this name; application.py reads best so",
    "main": "an entry point is called so",
    "register": "every command line's command adds itself under this name",
    "translate_blocks": "every dialect changes blocks under this name; portable.py reads best so",
    "translate_lines": "every dialect changes marks within lines under this name",
    "run": "every command line's command is carried out under this name",
}
#: Names that still stand for several things. None is added; one that is mended is taken out.
TO_BE_RENAMED = {"asked", "key_of", "said", "shipped_parameters"}
ALLOWED_MODULES = {
    "errors": "the errors of a package, below NotesError",
    "page": "the routes of one page of the site",
    "records": "the records of a package, with no behaviour",
    "routes": "the routes of the HTTP API and of the instructor's pages",
    "settings": "the settings of a package",
}
MODULES_TO_BE_RENAMED = {"border", "commands", "export", "facts", "replies", "service", "wordings"}


def modules() -> Iterator[Path]:
    for package in ("index", "assistant"):
        for path in (ROOT / package).rglob("*.py"):
            if path.parent.name != "versions":  # migrations are numbered and stay as they are
                yield path


def defined(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name


@pytest.fixture(scope="module")
def places() -> dict[str, list[str]]:
    """Where each public class and function is defined, for those defined in several modules."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for name in set(defined(path)):
            found[name].append(path.relative_to(ROOT).as_posix())
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_a_public_name_stands_for_one_thing(places: dict[str, list[str]]):
    assert {name: paths for name, paths in places.items() if name not in {*ALLOWED, *TO_BE_RENAMED}} == {}


def test_no_exception_for_a_name_is_left_over(places: dict[str, list[str]]):
    assert {*ALLOWED, *TO_BE_RENAMED} - set(places) == set()


def test_a_name_of_a_module_stands_for_one_thing():
    counted = Counter(path.stem for path in modules() if not path.stem.startswith("__"))
    twice = {name for name, count in counted.items() if count > 1}
    assert twice - {*ALLOWED_MODULES, *MODULES_TO_BE_RENAMED} == set()
    assert {*ALLOWED_MODULES, *MODULES_TO_BE_RENAMED} - twice == set(), "no longer needed"


def test_no_module_is_too_long():
    lines = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_folder_holds_too_many_modules():
    counted = Counter(path.parent for path in modules() if path.name != "__init__.py")
    assert {
        folder.relative_to(ROOT).as_posix(): count for folder, count in counted.items() if count > MOST_MODULES
    } == {}


def test_a_fork_runs_what_must_pass_with_actions_of_known_versions():
    (job,) = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", action)] == []
