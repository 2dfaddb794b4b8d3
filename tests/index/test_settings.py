"""Settings from the environment and ``.env``: an unknown name or a wrong value is named."""

from pathlib import Path

import pytest

from assistant.settings import Settings
from index.errors import SettingsError
from index.settings import ASSISTANT_NAMES, IndexSettings, environment, read_settings


def test_defaults_need_no_environment(clean_environment: Path) -> None:
    settings = read_settings(IndexSettings, environment())
    assert (settings.encoder, settings.dir, settings.data_dir) == ("bundled", Path("content"), Path(".notes-data"))


def test_the_environment_is_stronger_than_the_file(clean_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text('NOTES_DIR="from file"\nNOTES_ENCODER=file\nOTHER=1\n', encoding="utf-8")
    monkeypatch.setenv("NOTES_ENCODER", "environment")
    assert environment() == {"NOTES_DIR": "from file", "NOTES_ENCODER": "environment"}


def test_an_empty_variable_is_unset(clean_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES_ENCODER", "")
    assert read_settings(IndexSettings, environment()).encoder == "bundled"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        pytest.param({"NOTES_ENCODDER": "x"}, ["NOTES_ENCODDER is no setting", "NOTES_ENCODER"], id="unknown-name"),
        pytest.param({"NOTES_": "x"}, ["NOTES_ is no setting"], id="prefix-alone"),
        pytest.param({"NOTES_PORT": "1"}, ["NOTES_PORT is no setting"], id="not-of-the-index"),
        pytest.param({"NOTES_ENCODER": ""}, ["NOTES_ENCODER", "at least 1 character"], id="too-short"),
        pytest.param(
            {"NOTES_MODULES": "chapters"}, ["NOTES_MODULES: ", "'auto', 'heading', 'note' or 'folder'"], id="no-rule"
        ),
    ],
)
def test_a_wrong_setting_is_named(variables: dict[str, str], words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(IndexSettings, variables)
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)


def test_names_of_the_assistant_are_no_mistake_in_the_index() -> None:
    variables = dict.fromkeys(ASSISTANT_NAMES, "x")
    assert read_settings(IndexSettings, variables, ASSISTANT_NAMES) == IndexSettings()


@pytest.mark.parametrize("data", [b"NOTES_DIR=\xff\xfe\n", "NOTES_DIR=가".encode("utf-16")], ids=["bytes", "utf-16"])
def test_an_env_file_that_is_no_text_is_named(data: bytes, clean_environment: Path) -> None:
    Path(".env").write_bytes(data)
    with pytest.raises(SettingsError, match=r"\.env cannot be read as UTF-8 text"):
        environment()


@pytest.mark.parametrize("seconds", ["0", "-5", "601", "soon", "nan"])
def test_a_time_limit_that_is_none_is_named(seconds: str) -> None:
    with pytest.raises(SettingsError, match=r"^NOTES_CHAT_SECONDS: "):
        read_settings(Settings, {"NOTES_CHAT_SECONDS": seconds})


def test_the_time_limit_of_the_chat_model_is_read() -> None:
    assert read_settings(Settings, {}).chat_seconds == 60.0
    assert read_settings(Settings, {"NOTES_CHAT_SECONDS": "120"}).chat_seconds == 120.0


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        IndexSettings().encoder = "x"


def test_a_short_instructor_password_is_refused_in_one_sentence_that_does_not_tell_it() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(Settings, {"NOTES_INSTRUCTOR_PASSWORD": "hunter2"})
    assert str(caught.value) == "NOTES_INSTRUCTOR_PASSWORD: A password has at least 8 characters."
