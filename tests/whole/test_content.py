"""The course content: every source line is kept, the two editions pair, the glossary fits the notes."""

import json
import re
from collections import Counter
from itertools import pairwise

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.places import CONTENT, DATA

COURSE = CONTENT / "developing-on-aws"
CHECKLIST = json.loads((DATA / "source_checklist.json").read_text(encoding="utf-8"))
GLOSSARY = yaml.safe_load((CONTENT / "glossary.yaml").read_text(encoding="utf-8"))
NOTES = sorted(path.name.removesuffix(".ko.md") for path in COURSE.glob("*.ko.md"))
EDITIONS = [f"{note}.{language}" for note in NOTES for language in ("ko", "en")]
REMARK = {"ko": "> **편집자 주:** ", "en": "> **Editor's note:** "}
TYPOS = [
    *(
        "구아콰몰",
        "콰카몰",
        "unhealty",
        "운선순이",
        "스토리스",
        "글러벌",
        "이펜트",
        "가반",
        "AdministerPassword",
    ),
    *(
        "아키텍쳐",
        "어플리케이션",
        "WINDOW",
        "Configㅇ",
        "뿐만아닌",
        "하고자할때",
        "사용가능한",
        "자격증명",
    ),
    *("보안그룹", "버전관리"),
]


def read(note: str, language: str) -> str:
    """The text of one edition of a note."""
    return (COURSE / f"{note}.{language}.md").read_text(encoding="utf-8")


def parse(text: str) -> list:
    """The block tokens of a Markdown text."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Language and code of the fenced blocks, prose comments left out."""
    return [
        (token.info, re.sub(r"(?m)^\s*#.*\n?", "", token.content)) for token in parse(text) if token.type == "fence"
    ]


def headings(text: str) -> list[tuple[int, str]]:
    """Level and text of the headings, in order."""
    tokens = parse(text)
    return [
        (int(token.tag[1]), tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("note", NOTES)
def test_every_source_line_is_kept(note: str, language: str) -> None:
    text = read(note, language)
    rows = [row for row in CHECKLIST if row["file"] == note]
    assert [row["source_line"] for row in rows if not row[language]] == []
    assert [(row["source_line"], part) for row in rows for part in row[language] if part not in text] == []


def test_checklist_lines_are_unique_and_ordered() -> None:
    lines = [row["source_line"] for row in CHECKLIST]
    assert lines == sorted(set(lines))
    assert all(row["source"].strip() for row in CHECKLIST)
    assert {row["file"] for row in CHECKLIST} == set(NOTES)


def test_every_note_has_both_editions() -> None:
    assert NOTES
    assert sorted(path.stem for path in COURSE.glob("*.md")) == sorted(EDITIONS)


@pytest.mark.parametrize("note", NOTES)
def test_headings_pair(note: str) -> None:
    korean, english = headings(read(note, "ko")), headings(read(note, "en"))
    assert [level for level, _ in korean] == [level for level, _ in english]
    assert [level for level, _ in korean].count(1) == 1


@pytest.mark.parametrize("note", NOTES)
def test_blocks_pair_line_by_line(note: str) -> None:
    """List items, table rows, code blocks and remarks stand on the same lines of both editions."""
    korean, english = (
        [(token.type, token.tag, token.map) for token in parse(read(note, language))] for language in ("ko", "en")
    )
    assert korean == english


@pytest.mark.parametrize("note", NOTES)
def test_code_is_identical(note: str) -> None:
    korean, english = code_blocks(read(note, "ko")), code_blocks(read(note, "en"))
    assert korean == english
    assert all(language for language, _ in korean)


@pytest.mark.parametrize("edition", EDITIONS)
def test_headings_are_distinct_and_have_a_body(edition: str) -> None:
    text = read(*edition.split("."))
    tokens = [token for token in parse(text) if token.type != "inline"]
    follows = [after.type for before, after in pairwise(tokens) if before.type == "heading_close"]
    names = [name for _, name in headings(text)]
    assert len(names) == len(set(names)) == len(follows)
    assert "heading_open" not in follows


@pytest.mark.parametrize("note", [note for note in NOTES if not note.startswith("00")])
def test_top_heading_names_the_module(note: str) -> None:
    number = int(note.split("-", maxsplit=1)[0])
    assert headings(read(note, "ko"))[0][1].startswith(f"모듈 {number}: ")
    assert headings(read(note, "en"))[0][1].startswith(f"Module {number}: ")


@pytest.mark.parametrize("edition", EDITIONS)
def test_text_is_clean(edition: str) -> None:
    text = read(*edition.split("."))
    assert [typo for typo in TYPOS if typo in text] == []
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_paragraph_is_one_line(edition: str) -> None:
    """No sentence is wrapped, so a cited line is a whole statement."""
    paragraphs = [token.map for token in parse(read(*edition.split("."))) if token.type == "paragraph_open"]
    assert [lines for lines in paragraphs if lines[1] - lines[0] != 1] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_blockquote_is_an_editors_remark(edition: str) -> None:
    note, language = edition.split(".")
    quotes = [line for line in read(note, language).splitlines() if line.startswith(">")]
    assert [line for line in quotes if not line.startswith(REMARK[language])] == []


@pytest.mark.parametrize("note", NOTES)
def test_english_edition_holds_no_korean(note: str) -> None:
    assert re.findall(r"[ㄱ-ㆎ가-힣]+", read(note, "en")) == []


def test_glossary_entries_are_well_formed() -> None:
    assert GLOSSARY
    for entry in GLOSSARY:
        assert set(entry) - {"class"} == {"ko", "en"}
        for language in ("ko", "en"):
            forms = entry[language]
            assert forms
            assert all(isinstance(form, str) and form.strip() == form for form in forms)
            assert len({form.casefold() for form in forms}) == len(forms)


def test_no_glossary_form_belongs_to_two_entries() -> None:
    owners = Counter(form for entry in GLOSSARY for form in {form.casefold() for form in entry["ko"] + entry["en"]})
    assert [form for form, count in owners.items() if count > 1] == []


def test_glossary_classes_have_members_to_choose_from() -> None:
    classes = Counter(entry["class"] for entry in GLOSSARY if "class" in entry)
    assert [name for name, count in classes.items() if count < 2] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_preferred_glossary_form_occurs_in_the_notes(language: str) -> None:
    notes = "\n".join(read(note, language) for note in NOTES).casefold()
    preferred = [entry[language][0] for entry in GLOSSARY]
    assert [form for form in preferred if form.casefold() not in notes] == []
