"""Glossaries: what is accepted, and clear messages for what is not."""

from pathlib import Path

import pytest

from index.errors import ContentError
from index.language.glossary import GlossaryEntry, load_glossary, shipped_glossary


def written(folder: Path, text: str) -> Path:
    path = folder / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("", (), id="empty"),
        pytest.param("# only a comment\n", (), id="comment"),
        pytest.param(
            "- {class: c, ko: [자격 증명, 크리덴셜], en: [credentials]}\n",
            (GlossaryEntry(("자격 증명", "크리덴셜"), ("credentials",), "c"),),
            id="lists",
        ),
        pytest.param("- {ko: 서버, en: server}\n", (GlossaryEntry(("서버",), ("server",)),), id="single-forms"),
        pytest.param("- {en: [AS, 3]}\n", (GlossaryEntry((), ("AS", "3")),), id="one-language"),
    ],
)
def test_load(text: str, entries: tuple[GlossaryEntry, ...], tmp_path: Path) -> None:
    assert load_glossary(written(tmp_path, text)) == entries


def test_a_missing_file_is_an_empty_glossary(tmp_path: Path) -> None:
    assert load_glossary(tmp_path / "none.yaml") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("{ko: [", "cannot be read", id="not-yaml"),
        pytest.param("ko: [a]", "must be a list", id="not-a-list"),
        pytest.param("- 서버", "entry must be", id="entry-is-text"),
        pytest.param("- {ko: {a: b}}", "forms of a glossary entry must be a list", id="forms-are-no-list"),
    ],
)
def test_a_wrong_glossary_is_named(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=reason) as caught:
        load_glossary(written(tmp_path, text))
    assert caught.value.file.endswith("glossary.yaml")
    assert "\n" not in str(caught.value)


def test_a_glossary_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_bytes("- {ko: [서버]}".encode("cp949"))
    with pytest.raises(ContentError, match="cannot be read"):
        load_glossary(path)


def test_the_shipped_glossaries_bridge_both_languages() -> None:
    entries = shipped_glossary()
    assert len(entries) > 100
    assert all(entry.korean and entry.english for entry in entries)
    assert all(form == form.strip() for entry in entries for form in entry.forms)
