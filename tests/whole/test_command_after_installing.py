"""The command that is typed after installing: what it passes on, and how it tells what is wrong."""

import pytest

import app


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], "required: COMMAND", id="nothing"),
        pytest.param(["sing"], "'sing'", id="unknown-command"),
        pytest.param(["serve", "--colour"], "ask-the-notes serve --help", id="unknown-option-of-serve"),
        pytest.param(["search", "--colour"], "--colour (see ask-the-notes ", id="unknown-option-of-search"),
        pytest.param(["ask", "--colour"], "--colour (see ask-the-notes ", id="unknown-option-of-ask"),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        app.command(arguments)
    complaint = capsys.readouterr().err
    assert end.value.code == 2
    assert told in complaint
    assert len(complaint.splitlines()) == 1


def test_help_lists_what_can_be_done(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        app.command(["--help"])
    assert end.value.code == 0
    listed = capsys.readouterr().out
    for command in ("serve", "build", "search", "check", "import", "info", "ask", "quiz", "faq", "evaluate"):
        assert f"\n    {command} " in listed


@pytest.mark.parametrize("command", ["build", "search", "check", "import", "info", "ask", "quiz", "faq", "evaluate"])
def test_help_of_a_command_names_it_as_it_was_typed(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        app.command([command, "--help"])
    assert end.value.code == 0
    assert f"usage: ask-the-notes {command} " in capsys.readouterr().out


def test_serve_takes_the_folders_that_are_given(monkeypatch: pytest.MonkeyPatch):
    served = []
    monkeypatch.setattr(app, "main", lambda places: served.append(places) or 0)
    assert app.command(["serve", "--notes", "my-course"]) == 0
    assert [{name: str(path) for name, path in places.items()} for places in served] == [{"dir": "my-course"}]
