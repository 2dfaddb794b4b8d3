"""The glossary of all subjects: its file, and what of it is taken for given notes."""

import pytest

from index.language.concepts import ConceptFinder
from index.language.general_terms import FILE, all_general_terms, general_terms
from index.language.terms import TermExtractor
from index.ranking.lexical import LexicalIndex, MatchKind
from index.reading.notes import parse_note


def test_every_row_has_forms_of_both_languages_and_no_form_stands_twice() -> None:
    entries = all_general_terms()
    assert all(entry.korean and entry.english and all(entry.forms) for entry in entries)
    assert {entry.is_everyday for entry in entries} == {False, True}
    assert {entry.term_class for entry in entries} == {""}
    forms = [form.casefold() for entry in entries for form in entry.forms]
    assert len(forms) == len(set(forms))
    assert all(form == form.strip() and len(form) <= 60 for entry in entries for form in entry.forms)


def test_forms_stand_in_the_column_of_their_language() -> None:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            assert any("가" <= letter <= "힣" for letter in line.split("\t")[0]), line
            assert not any("가" <= letter <= "힣" for letter in line.split("\t")[1]), line


@pytest.mark.parametrize(
    ("text", "taken", "left"),
    [
        pytest.param("A wide aperture lets in more light.", "aperture", "photosynthesis", id="english"),
        pytest.param("광합성은 빛으로 양분을 만드는 일입니다.", "photosynthesis", "aperture", id="korean"),
        pytest.param("빵을 180도에서 굽는다.", "bake", "aperture", id="korean-verb"),
        pytest.param("Apertures are given as f-numbers.", "aperture", "photosynthesis", id="english-plural"),
    ],
)
def test_those_are_taken_that_have_a_word_of_the_notes(text: str, taken: str, left: str) -> None:
    forms = {form.casefold() for entry in general_terms([text]) for form in entry.forms}
    assert taken in forms
    assert left not in forms


def test_nothing_is_taken_for_no_notes() -> None:
    assert general_terms([]) == ()


def test_a_korean_question_finds_words_of_english_notes_of_any_subject() -> None:
    note = parse_note(
        "# Plants\n\n## Light\n\nPhotosynthesis turns light into sugar.\n\n## Soil\n\nRoots grow.\n", "n.md"
    )
    terms = general_terms([note.text])
    index = LexicalIndex.build(note.sections, ConceptFinder.build(terms, TermExtractor(())))
    (match,) = [match for match in index.match("광합성이 뭐예요?") if match.keys]
    assert match.kind is MatchKind.GLOSSARY
    assert index.sections_with(match) == {1}
