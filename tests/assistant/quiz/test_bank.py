import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from assistant.quiz.leading.grading import GradeVerdict, grade
from assistant.quiz.making.bank import QuizBank, draw
from assistant.quiz.making.linter import faults, key_is_quoted, key_positions
from assistant.quiz.making.sentence_edits import squeezed
from assistant.quiz.records import TYPED, Item, ItemKind
from index.json_values import record_of
from index.language.languages import hangul_share
from tests.helpers.quiz_course import CONTENT, course_bank


def items_of(*kinds: ItemKind) -> list[Item]:
    return [item for item in course_bank().items if not kinds or item.kind in kinds]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_course_gives_150_distinct_items_in_each_language(language):
    items = course_bank().select(language)
    assert len({(squeezed(item.stem), item.options, item.answer) for item in items}) == len(items) >= 150


@pytest.mark.parametrize("language", ["ko", "en"])
def test_items_come_from_six_structures_and_five_kinds(language):
    items = course_bank().select(language)
    assert len({item.structure for item in items}) >= 6
    assert {item.kind for item in items} == set(ItemKind)


def test_every_section_with_two_facts_has_an_item():
    covered = {(item.place, item.language) for item in items_of()}
    missing = [
        facts.section.heading_path
        for facts in course_bank().facts()
        if facts.count >= 2 and (facts.section.edition_key, facts.section.language) not in covered
    ]
    assert missing == []


def test_two_readings_of_the_notes_give_the_same_items():
    assert QuizBank.read(CONTENT).items == course_bank().items


def test_identities_are_unique():
    assert len({item.id for item in items_of()}) == len(items_of())


def test_evidence_and_key_stand_in_the_cited_lines_byte_for_byte():
    for item in items_of():
        note = course_bank().source.notes[item.citation.file]
        lines = note.text.split("\n")[item.citation.first_line - 1 : item.citation.last_line]
        quote = "\n".join(lines)
        assert item.citation.quote == quote, item
        assert item.evidence, item
        assert all(piece in quote for piece in item.evidence), item
        if item.kind in TYPED or (item.kind is ItemKind.CHOICE and key_is_quoted(item)):
            assert item.answer in quote, item


def test_no_distractor_is_graded_right():
    lexicon = course_bank().source.lexicon
    for item in items_of(ItemKind.CHOICE):
        key = {squeezed(form) for form in lexicon.synonyms(item.answer)}
        for option in item.options:
            right = grade(item, option, lexicon).verdict is GradeVerdict.RIGHT
            assert right == (option == item.answer), (item, option)
            if option != item.answer:
                assert not key & {squeezed(form) for form in lexicon.synonyms(option)}, (item, option)


def test_the_key_and_its_synonyms_are_graded_right_and_parallel_terms_are_not():
    lexicon = course_bank().source.lexicon
    for item in items_of(*TYPED):
        for form in (item.answer, *item.accepted):
            assert grade(item, form, lexicon).verdict is GradeVerdict.RIGHT, (item, form)
        number = lexicon.number_of(item.answer)
        for other in lexicon.siblings(number) if number is not None else []:
            for form in lexicon.entries[other].forms:
                assert grade(item, form, lexicon).verdict is not GradeVerdict.RIGHT, (item, form)


def test_options_are_unique_after_normalisation_and_no_rule_is_broken():
    for item in items_of():
        assert len({squeezed(option) for option in item.options}) == len(item.options), item
        assert faults(item) == [], item


def test_key_positions_are_uniform():
    counts = key_positions(items_of())
    for size in (3, 4):
        observed = [counts[size, position] for position in range(size)]
        assert chisquare(observed).pvalue > 0.05


def test_true_and_false_are_balanced():
    for language in ("ko", "en"):
        answers = Counter(item.answer for item in course_bank().select(language, kinds=[ItemKind.TRUE_FALSE]))
        assert chisquare(list(answers.values())).pvalue > 0.05


def test_items_are_in_one_language():
    for item in items_of():
        shown = " ".join((item.stem, *item.options, item.hint))
        if item.language == "en":
            assert hangul_share(shown) == 0, item
        else:
            assert hangul_share(item.stem) > 0.15, item


def test_most_items_are_there_in_both_languages():
    pairs = Counter(item.pair for item in items_of())
    both = sum(count == 2 for count in pairs.values())
    assert both >= 0.75 * len(course_bank().select("ko"))


@given(seed=st.integers(0, 10**6), count=st.integers(1, 30))
@settings(max_examples=25, deadline=None)
def test_a_seed_draws_the_same_items_again_easy_ones_first(seed, count):
    items = course_bank().select("ko")
    drawn = draw(items, count, seed)
    assert drawn == draw(items, count, seed)
    assert len({item.id for item in drawn}) == len(drawn) == count
    assert [item.difficulty for item in drawn] == sorted(item.difficulty for item in drawn)


def test_a_short_quiz_asks_no_line_twice():
    for seed in range(20):
        drawn = draw(course_bank().select("en"), 10, seed)
        lines = [
            (item.citation.file, line)
            for item in drawn
            for line in range(item.citation.first_line, item.citation.last_line + 1)
        ]
        assert len(lines) == len(set(lines))


def test_without_a_seed_two_quizzes_differ():
    items = course_bank().select("en")
    assert draw(items, 20) != draw(items, 20)


@pytest.mark.parametrize(
    ("language", "module"),
    [
        pytest.param("ko", "3", id="number"),
        pytest.param("en", "3", id="number in English"),
        pytest.param("ko", "모듈 3", id="name before the colon"),
        pytest.param("en", "Module 3: Introduction to IAM", id="whole name"),
        pytest.param("ko", "module 3", id="the other language's name"),
        pytest.param("en", "introduction to iam", id="part of the name"),
    ],
)
def test_a_module_is_chosen_by_number_or_name(language, module):
    items = course_bank().select(language, module=module)
    assert len(items) > 20
    assert {item.citation.file for item in items} == {f"developing-on-aws/03-iam.{language}.md"}


def test_an_unknown_module_has_no_items():
    assert course_bank().select("ko", module="9") == []


def test_items_survive_json():
    for item in items_of():
        row = json.loads(json.dumps(item.to_json()))
        assert row["answer"] == (list(item.steps) or item.answer)
        assert record_of(Item, {**row, "answer": item.answer}) == item
