import pytest
import yaml

from assistant.quiz.leading.grading import GradeVerdict, grade
from assistant.quiz.records import TYPED, ItemKind
from index.language.quantities import answered, same
from tests.helpers.quiz_course import course_bank, item_of
from tests.places import DATA

ROWS = yaml.safe_load((DATA / "quiz_answers.yaml").read_text(encoding="utf-8"))
ANSWERS = [
    pytest.param(row, str(said), worth, id=f"{row['key']}-{said}")
    for row in ROWS
    for worth in ("right", "near", "wrong")
    for said in row.get(worth, ())
]


def verdict(row, said):
    items = [
        item
        for item in course_bank().items
        if item.kind in TYPED
        and (item.language, item.answer) == (row["language"], row["key"])
        and row.get("stem", "") in item.stem
    ]
    return grade(items[0], said, course_bank().source.lexicon).verdict


def test_the_table_has_120_answers_of_every_worth():
    assert len(ANSWERS) >= 120
    assert {worth for _, _, worth in (answer.values for answer in ANSWERS)} == {"right", "near", "wrong"}


@pytest.mark.parametrize(("row", "said", "worth"), ANSWERS)
def test_typed_answers_get_what_they_are_worth(row, said, worth):
    assert verdict(row, said).value == worth


CHOICE = item_of(ItemKind.CHOICE, structure="term")
TRUTH = {answer: item_of(ItemKind.TRUE_FALSE, answer=answer) for answer in ("True", "False")}
TRUTH |= {answer: item_of(ItemKind.TRUE_FALSE, "ko", answer=answer) for answer in ("참", "거짓")}
ORDER = item_of(ItemKind.ORDERING)


@pytest.mark.parametrize(
    "form", ["{n}", "{n}번", " {n} ", "{n}.", "{circled}", "{letter}", "{lower})", "{text}", "{text}."]
)
def test_choices_are_named_by_number_letter_or_words(form):
    for place, option in enumerate(CHOICE.options):
        said = form.format(n=place + 1, circled="①②③④"[place], letter="ABCD"[place], lower="abcd"[place], text=option)
        right = option == CHOICE.answer
        assert grade(CHOICE, said, course_bank().source.lexicon).verdict is (
            GradeVerdict.RIGHT if right else GradeVerdict.WRONG
        )


@pytest.mark.parametrize("said", ["7", "maybe", "hmm, no idea what", "A or B"])
def test_a_choice_that_cannot_be_told_is_not_called_wrong(said):
    assert grade(CHOICE, said, course_bank().source.lexicon).verdict is GradeVerdict.NEAR


@pytest.mark.parametrize(
    ("said", "means"),
    [
        *((word, True) for word in ("O", "o", "참", "네", "맞아요", "true", "True.", "yes", "T", "1", "1번")),
        *((word, False) for word in ("X", "x", "거짓", "아니요", "틀려요", "false", "No", "F", "2", "2번")),
    ],
)
@pytest.mark.parametrize("answer", list(TRUTH))
def test_true_and_false_are_understood_in_many_words(said, means, answer):
    expected = GradeVerdict.RIGHT if means == (answer in ("True", "참")) else GradeVerdict.WRONG
    assert grade(TRUTH[answer], said, course_bank().source.lexicon).verdict is expected


def letters(steps, separator):
    return separator.join("ABCDEF"[ORDER.options.index(step)] for step in steps)


@pytest.mark.parametrize("separator", [", ", " ", "", "-", " → ", " > "])
def test_orders_are_given_by_letters(separator):
    lexicon = course_bank().source.lexicon
    assert grade(ORDER, letters(ORDER.steps, separator), lexicon).verdict is GradeVerdict.RIGHT
    assert grade(ORDER, letters(reversed(ORDER.steps), separator), lexicon).verdict is GradeVerdict.WRONG


def test_an_order_may_be_written_out_and_an_incomplete_one_is_asked_again():
    lexicon = course_bank().source.lexicon
    assert grade(ORDER, "; ".join(ORDER.steps), lexicon).verdict is GradeVerdict.RIGHT
    assert grade(ORDER, letters(ORDER.steps[:2], " "), lexicon).verdict is GradeVerdict.NEAR


def test_an_empty_answer_is_wrong():
    assert grade(CHOICE, "  ", course_bank().source.lexicon).verdict is GradeVerdict.WRONG


def test_two_terms_in_one_answer_are_left_to_the_student():
    item = next(i for i in course_bank().items if i.kind is ItemKind.CLOZE and i.answer == "hardware")
    lexicon = course_bank().source.lexicon
    assert grade(item, "hardware or operating system", lexicon).verdict is GradeVerdict.NEAR
    assert grade(item, "not hardware", lexicon).verdict is GradeVerdict.NEAR


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("90일", "90 days", True),
        ("구십일", "90일", True),
        ("2160 hours", "90일", True),
        ("1,000 MB", "1GB", True),
        ("16 TB", "16 TiB", False),
        ("three months", "3개월", True),
        ("90", "90%", True),
        ("90초", "90분", False),
        ("0.5", "0.50", True),
        ("64TB", "16TB", False),
    ],
)
def test_quantities_are_compared_with_their_units(first, second, equal):
    assert same(answered(first)[0], answered(second)[0]) is equal
