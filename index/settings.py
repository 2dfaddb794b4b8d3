"""Reads the settings of the index from the environment and an ``.env`` file, once, when an entry point asks."""

import os
from pathlib import Path
from typing import Any, TypeVar

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.encoding.loading import BUNDLED
from index.errors import SettingsError
from index.records import ModuleRule

PREFIX = "NOTES_"
#: Names that the assistant reads from the same environment; they are no mistake when only the index runs.
ASSISTANT_NAMES = frozenset(
    {
        "NOTES_ALLOWED_HOSTS",
        "NOTES_CHAT_MODEL",
        "NOTES_CHAT_SECONDS",
        "NOTES_DATABASE_URL",
        "NOTES_HOST",
        "NOTES_INSTRUCTOR_PASSWORD",
        "NOTES_LOG_QUESTIONS",
        "NOTES_PORT",
        "NOTES_RETENTION_DAYS",
    }
)


class IndexSettings(BaseModel):
    """Where the notes and the data are, which encoder reads them, and what is cited as a module."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str = Field(default=BUNDLED, min_length=1)
    dir: Path = Path("content")
    data_dir: Path = Path(".notes-data")
    modules: ModuleRule = ModuleRule.AUTO


Settings = TypeVar("Settings", bound=IndexSettings)


def environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """Return the ``NOTES_*`` variables of the ``.env`` file and, stronger, of the environment. Empty ones are unset.

    :raises SettingsError: If the file cannot be read as UTF-8 text.
    """
    try:
        merged = {**dotenv_values(env_file, encoding="utf-8"), **os.environ}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read as UTF-8 text: {error}.") from error
    return {name: value for name, value in merged.items() if name.startswith(PREFIX) and value}


def read_settings(model: type[Settings], variables: dict[str, str], others: frozenset[str] = frozenset()) -> Settings:
    """Return the settings in ``variables`` as ``model``.

    :param others: Names that are known elsewhere and not read here.
    :raises SettingsError: If a name is unknown or a value is wrong; the message names the variable.
    """
    known = {PREFIX + name.upper(): name for name in model.model_fields}
    for name in variables:
        if name not in known and name not in others:
            raise SettingsError(f"{name} is no setting. Known settings: {', '.join(sorted({*known, *others}))}.")
    values: dict[str, Any] = {known[name]: value for name, value in variables.items() if name in known}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}.") from error
