"""What the signals say about whether the notes answer."""

import math

import pytest

from index.deciding.abstention_evidence import absent_name, absent_words, covered_by_top, quantity_missing
from index.language.concepts import ConceptFinder
from index.language.terms import TermExtractor
from index.ranking.lexical import LexicalIndex
from index.reading.notes import parse_note

NOTE = (
    "# Photosynthesis\n\nPlants need light.\n\n## Place\n\nIt happens in chloroplasts.\n\n## Needs\n\nIt takes water.\n"
)
RARE, EVERYWHERE = math.log(3), math.log(4 / 3)  # of three sections: in one, and the least a word weighs


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(parse_note(NOTE, "x.md").sections, ConceptFinder.build((), TermExtractor()))


@pytest.mark.parametrize(
    ("question", "share"),
    [
        pytest.param("water", 0.0, id="held-by-another-section"),
        pytest.param("chloroplasts", 1.0, id="held"),
        pytest.param("photosynthesis", 1.0, id="the-subject-of-all-sections"),
        pytest.param(
            "photosynthesis in chloroplasts and water",
            (RARE + 2 * EVERYWHERE) / (2 * RARE + 3 * EVERYWHERE),
            id="two-of-three-by-rarity",
        ),
        pytest.param(
            "photosynthesis and DynamoDB", EVERYWHERE / (RARE + 2 * EVERYWHERE), id="the-subject-alone-weighs-little"
        ),
        pytest.param("how does it?", 0.0, id="no-word-that-counts"),
    ],
)
def test_coverage_is_the_share_of_words_by_rarity(question: str, share: float, lexical: LexicalIndex) -> None:
    assert covered_by_top(lexical.search(question), lexical, {1}) == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "share"),
    [
        pytest.param("mitosis", 1.0, id="a-word-of-the-known-questions"),
        pytest.param("chloroplasts and mitosis", 1.0, id="the-notes-and-the-known-questions"),
        pytest.param("DynamoDB", 0.0, id="an-identifier-that-the-notes-lack"),
        pytest.param("photon", 0.0, id="a-word-of-neither"),
    ],
)
def test_words_of_known_questions_count_as_held_and_foreign_names_do_not(
    question: str, share: float, lexical: LexicalIndex
) -> None:
    known = lexical.keys_of("What has mitosis to do with DynamoDB?")
    assert covered_by_top(lexical.search(question), lexical, {1}, known) == pytest.approx(share)


def test_a_name_that_the_notes_lack_is_told(lexical: LexicalIndex) -> None:
    assert absent_name(lexical.search("DynamoDB")) == 1.0
    assert absent_name(lexical.search("chloroplasts")) == 0.0
    assert absent_words(lexical.search("DynamoDB and mitosis in chloroplasts")) == ("DynamoDB", "mitosis")


def test_a_quantity_is_missing_where_one_is_asked_and_none_held() -> None:
    assert quantity_missing("How long does it take?", "It takes water.") == 1.0
    assert quantity_missing("How long does it take?", "It takes 3 hours.") == 0.0
    assert quantity_missing("Where does it happen?", "It takes water.") == 0.0
