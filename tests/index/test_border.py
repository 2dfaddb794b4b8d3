import json
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import QuestionError
from index.border import (
    MAX_NAME_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MOST_NESTED,
    NotTextError,
    clean_json,
    clean_name,
    clean_question,
    clean_text,
    mended,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)  # halves of pairs, too


@given(ANY_TEXT)
def test_what_has_passed_is_well_formed_composed_and_without_controls(text):
    safe = mended(text)
    assert safe.encode().decode() == safe
    assert unicodedata.is_normalized("NFC", safe)
    assert not {character for character in safe if unicodedata.category(character) == "Cc"} - set("\t\n\r")


@given(ANY_TEXT)
def test_passing_twice_changes_nothing_more(text):
    assert mended(mended(text)) == mended(text)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Mn", "Mc", "Me")), max_size=80))
def test_composed_text_comes_out_as_it_went_in(text):
    composed = unicodedata.normalize("NFC", text)
    assert clean_text(composed) == composed


@pytest.mark.parametrize(
    "text",
    [
        "CloudTrail 기록은 며칠 보관돼?",
        "첫 줄\n\t둘째 줄\r\n",
        "👩‍👩‍👧 한 가족",
        "naïve ☁️",
        "\u202e숨은 글\u202c",
        "각",
        "",
    ],
    ids=["korean", "lines", "joined emoji", "accent", "direction", "hangul", "nothing"],
)
def test_honest_text_is_untouched(text):
    assert clean_text(text) == text == mended(text)


@pytest.mark.parametrize("text", ["\ud800 x", "x\udfff", "\udc80\udcff"])
def test_half_of_a_pair_is_refused_and_replaced_in_what_is_kept(text):
    with pytest.raises(NotTextError, match="half of a character"):
        clean_text(text)
    assert "�" in mended(text)


def test_the_halves_of_one_character_are_joined():
    assert clean_text("\ud83d\ude00?") == "😀?" == mended("\ud83d\ude00?")


def test_a_macs_hangul_equals_everybody_elses():
    assert clean_text(unicodedata.normalize("NFD", "클라우드")) == "클라우드"


@pytest.mark.parametrize(
    ("text", "read"),
    [("a\0b", "ab"), ("a\x0bb", "a b"), ("a\x1b[31mb", "a[31mb"), ("a\x85b", "a b"), ("a\tb\r\n", "a\tb\r\n")],
)
def test_controls_are_taken_out(text, read):
    assert clean_text(text) == read


@pytest.mark.parametrize(
    "pile",
    [
        pytest.param("e" + "\u0301\u0323" * 100_000, id="above and below"),
        pytest.param("e" + "\u0301" * 100_000 + "\u0323" * 100_000, id="above, then below"),
        pytest.param("e" + "\u0f73" * 200_000, id="marks of two parts"),
    ],
)
def test_marks_piled_on_a_letter_cost_no_more_than_other_letters(pile):
    started = time.perf_counter()
    assert len(mended(pile)) < 100
    assert time.perf_counter() - started < 1


def test_a_question_is_read_on_one_line():
    assert clean_question("  CloudTrail\n\t기록은   며칠\u3000보관돼? ") == "CloudTrail 기록은 며칠 보관돼?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n?!", "empty"),
        ("\0\x01", "empty"),
        ("가" * (MAX_QUESTION_CHARACTERS + 1), f"{MAX_QUESTION_CHARACTERS + 1} characters"),
        (" " * 10_000_000 + "x", "10000001 characters"),
        ("\ud800 x", "half of a character"),
    ],
)
def test_what_is_no_question_is_refused_in_one_sentence(text, said):
    with pytest.raises(QuestionError, match=said):
        clean_question(text)


def test_a_question_may_be_as_long_as_the_limit_and_spaces_do_not_count():
    assert clean_question("가" * MAX_QUESTION_CHARACTERS)
    assert clean_question("가" * MAX_QUESTION_CHARACTERS + " \n" * 100)


def test_a_name_is_short_and_may_be_missing():
    assert (clean_name(None), clean_name(" "), clean_name(" Module 3 ")) == (None, " ", " Module 3 ")
    with pytest.raises(QuestionError, match=f"limit is {MAX_NAME_CHARACTERS}"):
        clean_name("가" * (MAX_NAME_CHARACTERS + 1))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc", "Mn", "Mc", "Me")), max_size=20).map(
        lambda text: unicodedata.normalize("NFC", text)
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc나"), inner, max_size=3),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.booleans())
def test_honest_json_is_parsed_as_ever(value, ascii_only):
    assert clean_json(json.dumps(value, ensure_ascii=ascii_only)) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"question": NaN}', "NaN"),
        ('{"tries": Infinity}', "Infinity"),
        ('{"tries": -Infinity}', "Infinity"),
        ('{"tries": 1e999}', "too large"),
        (f'{{"tries": {"9" * 5000}}}', "too large"),
        ('{"model": "\\ud800"}', "half of a character"),
        ('{"\\udfff": 1}', "half of a character"),
        ("[" * 100_000, "too deep"),
        ('{"a":' * (MOST_NESTED + 1) + "1" + "}" * (MOST_NESTED + 1), "too deep"),
    ],
    ids=["NaN", "Infinity", "minus Infinity", "float", "int", "value", "key", "open lists", "objects"],
)
def test_json_that_is_none_is_refused_in_one_sentence(text, said):
    with pytest.raises(NotTextError, match=said):
        clean_json(text)


def test_brackets_in_strings_are_no_nests():
    assert clean_json(json.dumps(["[" * 1000, '\\"' + "{" * 1000])) == ["[" * 1000, '\\"' + "{" * 1000]


@pytest.mark.parametrize("text", ["", "{", "[1,]", "'a'", '"' + "\\" * 100_001])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".") as caught:
        clean_json(text)
    assert not isinstance(caught.value, QuestionError)
