"""The wheel that is built holds every file that the packages read, and works where only the wheel is, installed as well."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index import CourseIndex
from tests.places import ROOT

pytestmark = pytest.mark.slow

READ = """
from pathlib import Path
import assistant, index
from index.deciding import abstention
from index.language import glossary
from assistant.faq.grouping import likeness
from assistant.faq.storage.database import Database, database_url
from assistant.web.strings import Strings
here = Path.cwd()
assert Path(index.__file__).is_relative_to(here) and Path(assistant.__file__).is_relative_to(here)
assert likeness.WEIGHTS.is_file() and abstention.PARAMETERS.is_file()
from alembic import command
from assistant.faq.storage.database import migrations
with Database.open(database_url(None, here / "data")) as database, database.reading() as connection:
    config = migrations(connection)
    config.set_main_option("version_locations", str(here / "versions"))
    script = command.revision(config, "made up", head="base", splice=True, version_path=str(here / "versions"))
print("read")
"""


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "index", "assistant", "app.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.split()


@pytest.fixture(scope="module")
def wheel(tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*tracked, "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(target)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, check=True)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path, tracked: list[str]) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in tracked if (ROOT / name).is_file() and name not in held] == []


def test_what_the_packages_read_is_found_where_only_the_wheel_is(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "versions").mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", READ], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.stdout.strip().endswith("read"), ran.stderr


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return archive.read(name).decode()


def test_every_pin_lies_in_the_range_that_the_package_asks_for(metadata: str) -> None:
    required = [Requirement(text) for text in re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)]
    own = {canonicalize_name(one.name): one for one in required if "extra" not in str(one.marker)}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(pin) for line in lines if (pin := line.partition("#")[0].strip())]
    assert {canonicalize_name(pin.name) for pin in pins} == set(own)
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert own[canonicalize_name(pin.name)].specifier.contains(exact.version), pin
        assert own[canonicalize_name(pin.name)].extras == pin.extras
    assert [str(one) for one in required if "==" in str(one.specifier)] == []


@pytest.mark.parametrize("extra", ["evaluate", "import"])
def test_what_an_extra_needs_is_pinned_for_development(metadata: str, extra: str) -> None:
    required = [Requirement(text) for text in re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)]
    needed = {canonicalize_name(one.name): one for one in required if f'"{extra}"' in str(one.marker)}
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(pin) for line in lines if (pin := line.partition("#")[0].strip()) and not pin.startswith("-")]
    found = [pin for pin in pins if canonicalize_name(pin.name) in needed]
    assert {canonicalize_name(pin.name) for pin in found} == set(needed) != set()
    for pin in found:
        (exact,) = pin.specifier
        assert needed[canonicalize_name(pin.name)].specifier.contains(exact.version), pin


def test_the_release_is_the_latest_of_the_changelog(metadata: str) -> None:
    released = re.findall(
        r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert f"\nVersion: {released[0]}\n" in metadata


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``ask-the-notes`` in an environment that holds the wheel, and sees the packages it needs where they are."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return environment / "bin" / "ask-the-notes"


def ran(command: Path, arguments: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NOTES_", "PYTHONPATH"))}
    return subprocess.run(
        [command, *arguments], cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("arguments", [["build"], ["ask", "What is S3?"], ["serve"]], ids=" ".join)
def test_where_no_notes_are_that_is_told_in_one_sentence(command: Path, arguments: list[str], tmp_path: Path) -> None:
    ended = ran(command, arguments, tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == "error: content: this folder of notes does not exist; name yours with NOTES_DIR or --notes\n"


def test_an_installed_copy_answers_from_notes_anywhere(
    command: Path, course_index: CourseIndex, data_dir: Path, tmp_path: Path
) -> None:
    places = ["--notes", str(ROOT / "content"), "--data", str(data_dir)]
    ended = ran(command, ["ask", "How long are CloudTrail events kept?", "--json", *places], tmp_path)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert answer["grounded"]
    assert "90" in answer["citations"][0]["quote"]
