import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.__main__ import main
from assistant.cli.faq import import_entries
from assistant.faq.accounts.account_store import verify
from assistant.faq.errors import FaqFileError
from assistant.faq.exchange import Format, format_of, formats, read_file, to_note
from assistant.faq.records import Entry
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import delete_entry, read_entries
from assistant.records import Citation

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
AWKWARD = st.sampled_from(
    ["<!-- faq:end -->", "\n<!-- faq:end -->\n", "<!-- faq::entry {} -->", "## 제목\n\n- 목록", '"a",b\r\n', "", "-->"]
)
WORDS = TEXT | AWKWARD | st.tuples(AWKWARD, TEXT, AWKWARD).map("".join)
NUMBER = st.integers(0, 2**31 - 1)
CITATIONS = st.builds(Citation, NUMBER, TEXT, st.lists(WORDS, max_size=3).map(tuple), TEXT, NUMBER, NUMBER, WORDS)
ENTRIES = st.builds(
    Entry, NUMBER, TEXT, st.none() | NUMBER, TEXT, WORDS, WORDS, WORDS, WORDS,
    st.lists(CITATIONS, max_size=2).map(tuple), st.booleans(), st.booleans(), st.booleans(), NUMBER, NUMBER, NUMBER,
)  # fmt: skip
ENTRY = Entry(
    identifier=1, slug="s3", cluster=7, module="모듈 5: S3", question_ko="S3가 뭐예요?", question_en="What is S3?",
    answer_ko="객체 스토리지예요.\n\n- **버킷**", answer_en="An object store.", published_ko=True, published_en=True, pinned=True,
    position=1, citations=(Citation(1, "모듈 5: S3", ("모듈 5: S3", "개요"), "a.md", 3, 4, "- a\n- b"),), created_ms=5,
    updated_ms=6,
)  # fmt: skip


@pytest.mark.parametrize("form", formats(), ids=lambda form: form.suffix)
@settings(deadline=None)
@given(entries=st.lists(ENTRIES, max_size=3))
def test_what_was_written_is_read_back_without_loss(form: Format, entries: list[Entry]) -> None:
    assert form.read(form.write(entries)) == entries


@pytest.mark.parametrize("name", ["faq.json", "faq.csv", "faq.md"])
def test_export_and_import_into_an_empty_database_lose_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with Database.open(database_url(None, tmp_path / "one")) as one:
        import_entries(one, [ENTRY, replace(ENTRY, slug="other", published_ko=False, pinned=False, position=2)])
    assert main(["faq", "export", str(file), "--data", str(tmp_path / "one")]) == 0
    assert main(["faq", "import", str(file), "--data", str(tmp_path / "two")]) == 0
    with Database.open(database_url(None, tmp_path / "two")) as two, two.reading() as connection:
        first, second = read_entries(connection)
    assert first == replace(ENTRY, cluster=None, identifier=first.identifier, updated_ms=first.updated_ms)
    assert (second.slug, second.published_ko, second.published_en) == ("other", False, True)


def test_importing_again_replaces_entries_of_the_same_slug(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path)) as database:
        import_entries(database, [ENTRY])
        import_entries(database, [replace(ENTRY, answer_ko="새 답이에요.")])
        with database.reading() as connection:
            assert [entry.answer_ko for entry in read_entries(connection)] == ["새 답이에요."]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        pytest.param("a.json", "[{", "line 1", id="broken-json"),
        pytest.param("a.json", "{}", "list", id="json-of-something-else"),
        pytest.param("a.json", '[{"slug": "a"}]', "entry 1", id="json-without-a-field"),
        pytest.param("a.csv", "slug\na\n", "row 2", id="csv-without-a-column"),
        pytest.param("a.md", '<!-- faq:entry {"slug": 1} -->\n', "question_ko", id="markdown-without-a-part"),
        pytest.param("a.txt", "", "must end in", id="unknown-form"),
    ],
)
def test_a_wrong_file_is_told_with_its_place_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, place: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["faq", "import", str(tmp_path / name), "--data", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert place in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("name", ["faq.json", "faq.csv", "faq.md"])
def test_a_file_of_an_earlier_version_published_both_languages_that_were_written(name: str) -> None:
    form = format_of(Path(name))
    korean_only = replace(ENTRY, answer_en="", published_en=False)
    written = form.write([korean_only]).replace("published_ko", "published")
    dropped = {".json": '    "published_en": false,\n', ".csv": '"published_en",', ".md": '"published_en": false, '}
    written = written.replace(dropped[form.suffix], "")
    if form.suffix == ".csv":
        written = written.replace('"true","false","true"', '"true","true"')
    assert "published_en" not in written
    assert form.read(written) == [korean_only]


def test_an_imported_entry_takes_the_place_of_a_deleted_one(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path)) as database:
        import_entries(database, [ENTRY])
        with database.writing() as connection:
            delete_entry(connection, read_entries(connection)[0].identifier, 1)
        assert import_entries(database, [ENTRY]) == 1


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(FaqFileError, match="UTF-8"):
        read_file(tmp_path / "a.md")
    with pytest.raises(FaqFileError, match="cannot be read"):
        read_file(tmp_path / "none.md")


def test_a_value_of_the_wrong_kind_is_told() -> None:
    rows = json.loads(format_of(Path("a.json")).write([ENTRY]))
    rows[0]["published_ko"] = "yes"
    with pytest.raises(FaqFileError, match="published_ko"):
        format_of(Path("a.json")).read(json.dumps(rows))


def test_the_note_holds_published_answers_by_module_in_its_language() -> None:
    draft = replace(ENTRY, question_en="Draft?", published_en=False)
    korean_only = replace(ENTRY, question_en="Untranslated?", answer_en="", published_en=False)
    note = to_note([replace(ENTRY, answer_en="An object store. [1]"), draft, korean_only], "en")
    assert note == (
        "# Frequently Asked Questions\n\n## 모듈 5: S3\n\n### What is S3?\n\nAn object store. [1]\n\nSource: `a.md:3-4`\n"
    )


def test_notes_are_written_in_both_languages(tmp_path: Path) -> None:
    with Database.open(database_url(None, tmp_path)) as database:
        import_entries(database, [ENTRY])
    assert main(["faq", "export", "--note", str(tmp_path), "--data", str(tmp_path)]) == 0
    assert "객체 스토리지예요." in (tmp_path / "faq.ko.md").read_text(encoding="utf-8")
    assert "An object store." in (tmp_path / "faq.en.md").read_text(encoding="utf-8")


def test_list_prints_entries_and_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Database.open(database_url(None, tmp_path)) as database:
        import_entries(database, [ENTRY])
    assert main(["faq", "list", "--data", str(tmp_path)]) == 0
    assert "published  S3가 뭐예요?  #s3" in capsys.readouterr().out
    assert main(["faq", "list", "--json", "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["entries"][0]["slug"] == "s3"


def test_an_account_added_by_command_can_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    with (tmp_path / "password").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["faq", "account", "kim", "--data", str(tmp_path)]) == 0
    with Database.open(database_url(None, tmp_path)) as database:
        assert verify(database, "kim", "correct horse")


def test_a_short_password_of_an_account_is_refused_by_the_command_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("1234567\n")
    with (tmp_path / "password").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["faq", "account", "kim", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "error: A password has at least 8 characters.\n"
