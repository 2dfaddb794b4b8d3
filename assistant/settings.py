"""The settings of the whole application: those of the index, and where and how the assistant runs."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from assistant.passwords import password_trouble
from index.settings import IndexSettings, environment, read_settings

MOST_DAYS = 36_500  #: a hundred years
MOST_CHAT_SECONDS = 600.0  #: nobody waits for longer


class Settings(IndexSettings):
    """All settings. ``chat_model`` unset means: quote the notes; else ``provider:model`` for LangChain.

    ``chat_seconds`` is how long it may take to word an answer; the quoted lines stand meanwhile, and after it.

    ``allowed_hosts`` are names, separated by commas, under which the site is served besides its machine's.
    ``log_questions=false`` stores nothing that students ask; else it is kept for ``retention_days``.
    """

    allowed_hosts: str = Field(default="", pattern=r"^[\w.*,\s:\[\]-]*$")
    chat_model: str | None = Field(default=None, pattern=r"^[a-z_]+:.+$")
    chat_seconds: float = Field(default=60.0, ge=1.0, le=MOST_CHAT_SECONDS)
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    instructor_password: SecretStr | None = None
    log_questions: bool = True
    retention_days: int = Field(default=365, ge=1, le=MOST_DAYS)

    @field_validator("instructor_password")
    @classmethod
    def _is_a_password(cls, value: SecretStr | None) -> SecretStr | None:
        trouble = password_trouble(value.get_secret_value()) if value else ""
        if trouble:
            raise PydanticCustomError("password", "{trouble}", {"trouble": trouble.removesuffix(".")})
        return value


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Return the settings from the environment and ``env_file``.

    :raises SettingsError: If a name is unknown or a value is wrong.
    """
    return read_settings(Settings, environment(env_file))
