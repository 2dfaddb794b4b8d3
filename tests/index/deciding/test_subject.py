"""Telling the subject of the notes from others, by vectors and by words."""

import math
from dataclasses import replace

import numpy as np
import pytest

from index import CourseIndex, Encoder
from index.deciding.abstention import FEATURES, probability, scaled_features, shipped_parameters
from index.deciding.other_subjects import other_texts, word_counts
from index.deciding.subject import Subject, learn_subject
from index.deciding.typical_words import typical_words
from index.encoding.centring import centre, generic_questions, mean_vector
from index.encoding.shipped_vectors import ShippedVectorsEncoder
from index.language.concepts import ConceptFinder
from index.language.terms import TermExtractor
from index.ranking.lexical import LexicalIndex
from index.reading.notes import parse_note
from index.reading.passages import passages
from index.records import Passage, Section
from tests.helpers.fakes import HashingEncoder

NOTE = """# Sourdough

Sourdough bread rises by wild yeast.

## Starter

Feed the sourdough starter with flour and water every day.

## Baking

Bake the sourdough loaf in a hot oven with steam.
"""


def read(text: str) -> tuple[list[Passage], tuple[Section, ...]]:
    sections = parse_note(text, "note.md").sections
    return [passage for section in sections for passage in passages(section)], sections


def learn(encoder: Encoder, text: str = NOTE, previous: Subject | None = None) -> Subject:
    found, sections = read(text)
    generic = {language: encoder.encode_questions(generic_questions(language)) for language in ("ko", "en")}
    return learn_subject(found, sections, previous, encoder, generic, {})


def odds(subject: Subject, encoder: Encoder, question: str) -> float:
    mean = mean_vector(encoder.encode_questions(generic_questions("en")))
    return subject.odds(centre(encoder.encode_questions([question])[0], mean))


def test_questions_about_the_notes_are_told_from_others(encoder: Encoder) -> None:
    encoder = ShippedVectorsEncoder(encoder)  # as a build does: a thousand texts about other subjects are known
    subject = learn(encoder)
    about = min(odds(subject, encoder, q) for q in ("How often is a starter fed?", "Why does my loaf not rise?"))
    other = max(odds(subject, encoder, q) for q in ("How do I sort an array?", "Who pays the deposit for a flat?"))
    assert about > other + 1


def test_other_subjects_speak_the_languages_of_the_notes() -> None:
    english = {other.text for other in other_texts() if other.language == "en"}
    held = set(learn(HashingEncoder()).texts)
    assert english <= held
    assert not held & {other.text for other in other_texts() if other.language == "ko"}


def test_learning_anew_encodes_only_what_is_new() -> None:
    class Counting(HashingEncoder):
        def encode_questions(self, texts):
            self.encoded.extend(texts)
            return super().encode_questions(texts)

    encoder = Counting()
    first = learn(encoder)
    found, sections = read(NOTE.replace("every day", "every week"))
    generic = {language: encoder.encode_questions(generic_questions(language)) for language in ("ko", "en")}
    encoder.encoded.clear()
    second = learn_subject(found, sections, first, encoder, generic, {})
    assert encoder.encoded == ["Starter: Feed the sourdough starter with flour and water every week."]
    assert second.vectors.shape == first.vectors.shape


def test_what_is_nothing_but_headings_of_other_subjects_has_no_subject() -> None:
    found, sections = read(NOTE)
    generic = {language: np.zeros((1, 64), np.float32) for language in ("ko", "en")}
    subject = learn_subject(found[:0], sections, None, HashingEncoder(), generic, {})
    assert not subject.weights.any()
    assert subject.odds(np.ones(64, np.float32)) == 0.0


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(parse_note(NOTE, "x.md").sections, ConceptFinder.build((), TermExtractor()))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("sourdough", 3.0, id="in-all-sections-and-nowhere-else-at-most"),
        pytest.param("steam", math.log(1.05 / 103) - math.log(2.05 / 1100), id="in-one-section-and-two-other-texts"),
        pytest.param("database", max(math.log(0.05 / 103) - math.log(40.05 / 1100), -3.0), id="of-other-subjects"),
        pytest.param("zymurgy", math.log(0.05 / 103) - math.log(0.05 / 1100), id="nowhere-where-less-was-read"),
        pytest.param("sourdough and database", 0.0, id="one-for-and-one-against"),
        pytest.param("12 + 30", 0.0, id="no-words"),
    ],
)
def test_typical_words_are_those_of_the_notes(question: str, expected: float, lexical: LexicalIndex) -> None:
    other_words = {"databas": 40, "steam": 2}
    assert typical_words(lexical.search(question), lexical, other_words, 1000) == pytest.approx(expected, abs=1e-6)


def test_other_subjects_are_many_short_and_in_both_languages() -> None:
    rows = other_texts()
    assert len({row.text for row in rows}) == len(rows) > 1000
    assert {(row.subject, row.language) for row in rows} == {
        (subject, language) for subject in {row.subject for row in rows} for language in ("ko", "en")
    }
    assert max(len(row.text) for row in rows) <= 160


def test_words_of_other_subjects_are_counted_by_text() -> None:
    finder = ConceptFinder.build((), TermExtractor())
    holding = sum("yeast" in finder.keys_of(row.text) for row in other_texts())
    assert word_counts(finder).get("yeast", 0) == holding


@pytest.mark.parametrize("signal", ["subject", "typical_words"])
def test_both_are_collected_and_speak_for_an_answer_where_no_questions_are_known(
    signal: str, course_index: CourseIndex
) -> None:
    about, other = (
        course_index.searcher.evidence(course_index.read(question))
        for question in ("How long are CloudTrail events kept?", "How do vaccines train the immune system?")
    )
    assert getattr(about, signal) > getattr(other, signal) + 1
    scale = {name: (getattr(other, name), 1.0) for name in FEATURES}
    parameters = shipped_parameters(with_known_questions=False)
    doubted = replace(about, **{signal: getattr(other, signal)})
    assert probability(scaled_features(about, scale), parameters) > probability(
        scaled_features(doubted, scale), parameters
    )
