"""The wheel that is built holds every file that the packages read, and works where only the wheel is."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.places import ROOT

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
        ["git", "ls-files", "index", "assistant", "app.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.split()


@pytest.fixture(scope="module")
def wheel(tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*tracked, "pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
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
