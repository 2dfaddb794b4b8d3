"""A note knows the file it comes from, and whether somebody changed it since."""

import pytest

from index.importing.converter_child import Converted
from index.importing.documents import Unread
from index.importing.imported_notes import ImportedNote, imported_text, read_imported
from index.importing.remarks import UNREAD_SENTENCES, shown_places, unread_sentence
from index.reading.notes import parse_note

CONVERTED = Converted("# A\n\nText.\n", "A", "en", 1, (Unread("scanned", ("2", "3")), Unread("pictures", count=2)))


def test_what_is_written_is_read_again():
    text = imported_text(CONVERTED, '강의 "3".pdf', b"data")
    known = read_imported(text)
    assert known is not None
    assert (known.source, known.is_edited) == ('강의 "3".pdf', False)
    assert text.endswith("---\n\n# A\n\nText.\n")
    assert 'imported_without:\n  - "Pictures of text, not read' in text
    assert [block.text for section in parse_note(text, "a.md").sections for block in section.blocks] == ["Text."]


@pytest.mark.parametrize(
    ("change", "is_edited"),
    [
        (lambda text: text.replace("\n", "\r\n"), False),
        (lambda text: f"\ufeff{text}\n\n", False),
        (lambda text: text.replace("Text.", "Text. "), False),
        (lambda text: text.replace("---\nimported_from", "---\nweight: 3\nimported_from"), False),
        (lambda text: text.replace("Text.", "Texts."), True),
        (lambda text: text.replace("Text.", "\nText."), True),
    ],
    ids=["line-ends", "spaces-around", "space-at-an-end", "front-matter", "a-word", "a-line"],
)
def test_a_changed_word_is_an_edit_and_a_saved_file_is_none(change: object, is_edited: bool):
    known = read_imported(change(imported_text(CONVERTED, "a.pdf", b"data")))  # pyright: ignore
    assert known is not None
    assert known.is_edited is is_edited


@pytest.mark.parametrize("text", ["", "# A\n", "---\ntitle: A\n---\n\n# A\n", "---\nimported_from: [\n---\n", "---\n"])
def test_other_notes_are_no_imported_ones(text: str):
    assert read_imported(text) is None


def test_what_an_instructor_added_to_the_front_matter_stays():
    before = imported_text(CONVERTED, "a.pdf", b"data").replace("---\n", "---\ntitle: Mine\ntags:\n  - x\n", 1)
    after = imported_text(Converted("# B\n", "B", "en", 1, ()), "a.pdf", b"other", before)
    assert after.startswith('---\ntitle: Mine\ntags:\n  - x\nimported_from: "a.pdf"\n')
    assert "imported_without" not in after
    assert read_imported(after) == ImportedNote("a.pdf", read_imported(after).source_sum, False)  # pyright: ignore


def test_places_in_a_row_are_a_span():
    assert shown_places(["1", "2", "3", "7", "9", "10"]) == "1–3, 7, 9–10"
    assert shown_places(["A", "B", "2"]) == "A, B, 2"
    assert shown_places([str(n) for n in range(1, 60, 2)]).endswith("23 …")
    assert shown_places([]) == ""


def test_every_remark_has_a_sentence():
    for kind in UNREAD_SENTENCES:
        assert unread_sentence(Unread(kind, ("4",), 2, "what")).strip()
