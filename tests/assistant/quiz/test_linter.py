from dataclasses import replace

import pytest

from assistant.quiz.making.linter import faults, without_repeats
from assistant.quiz.records import ItemKind, Structure
from tests.helpers.quiz_course import course_bank, item_of

CHOICE = item_of(ItemKind.CHOICE, structure="term", answer="EC2")
CLOZE = item_of(ItemKind.CLOZE, answer="hardware")
KOREAN = item_of(ItemKind.CHOICE, "ko", structure="term")
ORDERING = item_of(ItemKind.ORDERING)


def with_options(*wrong, answer=CHOICE.answer):
    return replace(CHOICE, answer=answer, options=(answer, *wrong))


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        pytest.param(replace(CHOICE, evidence=("Saturn",)), "unsupported", id="evidence not in the lines"),
        pytest.param(replace(CHOICE, evidence=()), "unsupported", id="no evidence"),
        pytest.param(with_options("ECS", "Lambda", answer="Fargate"), "unsupported", id="key not in the lines"),
        pytest.param(replace(CLOZE, answer="software"), "unsupported", id="typed key not in the lines"),
        pytest.param(replace(CHOICE, options=("ECS", "Lambda", "S3")), "wrong key count", id="no right option"),
        pytest.param(with_options("EC2", "ECS", "Lambda"), "wrong key count", id="two right options"),
        pytest.param(replace(ORDERING, options=ORDERING.options[1:]), "wrong key count", id="a step missing"),
        pytest.param(with_options("ECS"), "wrong option count", id="two options"),
        pytest.param(with_options("ECS", "Lambda", "S3", "EFS"), "wrong option count", id="five options"),
        pytest.param(with_options("E-C-S", "ECS", "Lambda"), "similar options", id="equal but for signs"),
        pytest.param(with_options("EC2 Spot", "ECS"), "nested options", id="key inside a distractor"),
        pytest.param(replace(CHOICE, stem=f"EC2 or ____: {CHOICE.stem}"), "gives the key away", id="key in stem"),
        pytest.param(
            replace(CHOICE, stem="Which elastic service is it?\nThe ____ service.", answer="elastic thing",
                    options=("elastic thing", "lambda", "task")),
            "shares rare words", id="key shares a word with the stem",
        ),
        pytest.param(
            with_options("ECS", "S3", answer="a far longer option than any of the others"), "stands out", id="long key"
        ),
        pytest.param(with_options("AWS one", "AWS two", "AWS three"), "odd one out", id="only the key lacks a word"),
        pytest.param(with_options("ECS", "All of the above"), "catch-all option", id="all of the above"),
        pytest.param(
            replace(KOREAN, options=(KOREAN.answer, "위의 모두", "모두 정답")), "catch-all option", id="Korean catch-all"
        ),
        pytest.param(replace(CHOICE, stem=f"{CHOICE.stem} 은"), "mixed language", id="Korean in English"),
        pytest.param(
            replace(KOREAN, stem=f"{KOREAN.stem} this sentence is written in plain english words"),
            "mixed language", id="English sentence in Korean",
        ),
        pytest.param(replace(CHOICE, stem=f"{CHOICE.stem} {{{{< note >}}}}"), "unreadable", id="markup"),
        pytest.param(replace(CHOICE, stem=f"{CHOICE.stem} {'x' * 500}"), "unreadable", id="too long"),
        pytest.param(replace(CLOZE, stem="Fill in.\n____ it."), "too little context", id="nothing but a blank"),
        pytest.param(
            replace(CLOZE, stem="Fill in.\nHardware must be ____."), "too little context", id="one telling word"
        ),
        pytest.param(
            replace(CLOZE, stem="Name it.\nLogs of hardware and events", answer="Logs/events"),
            "gives the key away", id="all words of the key in the stem",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_found(item, fault):
    assert fault in faults(item)


@pytest.mark.parametrize("item", [CHOICE, CLOZE, KOREAN, ORDERING], ids=["choice", "cloze", "Korean", "ordering"])
def test_sound_items_have_no_fault(item):
    assert faults(item) == []


def test_repeats_are_dropped():
    again = replace(CHOICE, id="other", stem=CHOICE.stem.replace("According to", "According  to"))
    assert list(without_repeats([CHOICE, CHOICE, again, CLOZE])) == [CHOICE, CLOZE]


def test_the_linter_has_work_to_do_on_the_course():
    assert sum(course_bank().rejected.values()) > 10
    assert Structure.GENERATED not in {item.structure for item in course_bank().items}
