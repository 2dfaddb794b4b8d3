"""What is said about a course, over a few notes and an encoder that computes."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.excerpts import cite
from assistant.records import Answer, AnswerKind, Turn
from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from assistant.talk.syllabus import Syllabus
from index import CourseIndex, open_or_build
from tests.helpers.fakes import HashingEncoder

NOTES = {
    "00-intro.en.md": "# Baking for beginners: course overview\n\nThis course is about bread and cake.\n",
    "00-intro.ko.md": "# 처음 하는 제빵: 과정 개요\n\n이 과정은 빵과 케이크를 다룹니다.\n",
    "01-bread.en.md": "# Week 1: Bread\n\nBread is flour, water, salt and yeast.\n\n## Kneading\n\n"
    "- Knead the dough for ten minutes.\n- Stop when it is smooth.\n- Let it rest.\n\n## Baking\n\n"
    "The following holds:\n\n1. Heat: the oven to 240 °C.\n2. Steam: for the first ten minutes.\n\n![crust](crust.png)\n",
    "01-bread.ko.md": "# 1주차: 빵\n\n빵은 밀가루, 물, 소금, 효모입니다.\n\n## 반죽\n\n"
    "- 반죽을 10분 동안 치댑니다.\n- 매끄러워지면 멈춥니다.\n- 쉬게 둡니다.\n\n## 굽기\n\n"
    "다음과 같습니다.\n\n1. 열: 오븐을 240도로 데웁니다.\n2. 증기: 처음 10분 동안 씁니다.\n\n![껍질](crust.png)\n",
    "02-cake.md": "# Weeks 3–4: Cake\n\n## Sponge\n\nA sponge cake rises from beaten eggs.\n\n```\nfold(eggs)\n```\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, small_glossary: None) -> CourseIndex:
    folder = tmp_path_factory.mktemp("baking")
    notes = folder / "notes"
    notes.mkdir()
    for name, text in NOTES.items():
        (notes / name).write_text(text, encoding="utf-8")
    return open_or_build(Settings(dir=notes, data_dir=folder / "data"), None, HashingEncoder(256))


@pytest.fixture(scope="module")
def baking(index: CourseIndex) -> Assistant:
    return Assistant(index)


def dialogue(assistant: Assistant, *said: str) -> list[Answer]:
    history: list[Turn] = []
    for message in said:
        history.append(Turn(message, assistant.ask(message, history=history)))
    return [turn.answer for turn in history]


def test_modules_have_the_numbers_that_their_names_give(index: CourseIndex) -> None:
    numbers = {module.name: module.numbers for module in Syllabus(index).modules("en")}
    assert numbers == {
        "Baking for beginners: course overview": (),
        "Week 1: Bread": (1,),
        "Weeks 3–4: Cake": (3, 4),
    }


def test_files_give_the_numbers_where_no_name_does(tmp_path: Path, small_glossary: None) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, title in (("03-io.md", "Files"), ("ch4_net.md", "Networks"), ("appendix.md", "More")):
        (notes / name).write_text(f"# {title}\n\nText about {title}.\n", encoding="utf-8")
    index = open_or_build(Settings(dir=notes, data_dir=tmp_path / "data"), None, HashingEncoder(64))
    numbers = {module.name: module.numbers for module in Syllabus(index).modules("en")}
    assert numbers == {"Files": (3,), "Networks": (4,), "More": ()}


def test_the_course_is_named_by_its_overview(index: CourseIndex) -> None:
    assert Syllabus(index).course("en") == "Baking for beginners"
    assert Syllabus(index).course("ko") == "처음 하는 제빵"


def test_small_talk_says_what_this_course_can_be_asked(baking: Assistant) -> None:
    (answer,) = dialogue(baking, "hello!")
    assert (answer.kind, answer.grounded, answer.citations) == (AnswerKind.SMALL_TALK, False, ())
    assert "Baking for beginners" in answer.text
    assert "Week 1: Bread" in answer.text
    assert not answer.is_gap


def test_a_summary_quotes_lines_of_every_section_and_no_caption_or_announcement(baking: Assistant) -> None:
    (answer,) = dialogue(baking, "summarise week 1")
    assert (answer.kind, answer.grounded) == (AnswerKind.SUMMARY, True)
    assert {citation.heading_path[-1] for citation in answer.citations} == {"Week 1: Bread", "Kneading", "Baking"}
    assert not any("crust.png" in citation.quote or "following" in citation.quote for citation in answer.citations)
    for citation in answer.citations:
        lines = NOTES[citation.file].split("\n")[citation.first_line - 1 : citation.last_line]
        assert citation.quote == "\n".join(lines)


def test_the_summary_of_the_course_names_every_module_once_and_its_sections(baking: Assistant) -> None:
    (answer,) = dialogue(baking, "이 강의에서 뭘 배워?")
    assert answer.language == "ko"
    for name in ("**1주차: 빵**", "**Weeks 3–4: Cake**", "반죽 · 굽기"):
        assert answer.text.count(name) == 1


def test_a_summary_follows_into_the_other_edition(baking: Assistant) -> None:
    first, second = dialogue(baking, "summarise week 1", "한국어로")
    assert {citation.file for citation in first.citations} == {"01-bread.en.md"}
    assert {citation.file for citation in second.citations} == {"01-bread.ko.md"}
    assert "1주차: 빵" in second.text


def test_a_week_between_two_numbers_is_there_and_another_is_not(baking: Assistant) -> None:
    there, missing = dialogue(baking, "what's in week 4?", "and week 9?")
    assert there.citations[0].module == "Weeks 3–4: Cake"
    assert (missing.kind, missing.grounded, missing.citations) == (AnswerKind.COURSE, False, ())
    assert "week 9" in missing.text
    assert "Week 1: Bread" in missing.text


def test_a_chosen_module_is_what_a_summary_is_of(baking: Assistant) -> None:
    answer = baking.ask("요약해줘", module="Weeks 3–4")
    assert {citation.module for citation in answer.citations} == {"Weeks 3–4: Cake"}


def test_terms_of_a_list_become_the_first_column_of_a_table(baking: Assistant) -> None:
    history = [Turn("How to bake?", _answer_citing(baking, "01-bread.en.md", 13, 16))]
    table = baking.ask("as a table", history=history)
    assert "| Heat | the oven to 240 °C. [1] |" in table.text
    assert "| Steam | for the first ten minutes. [2] |" in table.text
    assert [citation.first_line for citation in table.citations] == [15, 16]


@pytest.mark.parametrize(("wish", "lines"), [("just two", [(7, 8)]), ("9개만", [(7, 9)])])
def test_as_many_lines_stay_as_are_wanted_or_there(baking: Assistant, wish: str, lines: list[tuple[int, int]]) -> None:
    history = [Turn("How to knead?", _answer_citing(baking, "01-bread.en.md", 7, 9))]
    answer = baking.ask(wish, history=history)
    assert [(citation.first_line, citation.last_line) for citation in answer.citations] == lines


def test_code_does_not_become_a_table(baking: Assistant) -> None:
    history = [Turn("fold?", _answer_citing(baking, "02-cake.md", 7, 9))]
    answer = baking.ask("표로", history=history)
    assert "fold(eggs)" in answer.text
    assert "| --- |" not in answer.text


def test_lines_that_have_gone_cannot_be_shown_again(baking: Assistant) -> None:
    cited = _answer_citing(baking, "01-bread.en.md", 7, 9)
    gone = replace(cited, citations=(replace(cited.citations[0], file="gone.md"),))
    assert baking.ask("as a table", history=[Turn("q", gone)]).kind is AnswerKind.SMALL_TALK


def test_a_plain_yes_asks_what_was_offered(baking: Assistant) -> None:
    offering = replace(baking.ask("hello"), offer="In Week 1: How long to knead?", kind=AnswerKind.ELSEWHERE)
    answer = baking.ask("yes", module="Weeks 3–4", history=[Turn("How long to knead?", offering)])
    assert answer.standalone == "How long to knead?"
    assert {citation.module for citation in answer.citations} <= {"Week 1: Bread"}
    assert baking.ask("yes", history=[Turn("hello", baking.ask("hello"))]).kind is AnswerKind.SMALL_TALK


def _answer_citing(assistant: Assistant, file: str, first: int, last: int) -> Answer:
    section = next(s for s in assistant.index.sections if s.file == file and s.first_line <= first <= s.last_line)
    citation = cite(assistant.index, section, first, last, 1)
    return Answer("q", "en", True, "text [1]", (citation,), (), (), 1.0, "extractive", 0.0, standalone="q")


def test_a_file_gives_the_number_that_a_name_lacks_where_both_count_alike(tmp_path: Path, small_glossary: None) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, title in (
        ("00-start.md", "Start"),
        ("01_cpr.md", "1. CPR"),
        ("02_wounds.md", "Wounds"),
        ("03.md", "Week 3"),
    ):
        (notes / name).write_text(f"# {title}\n\nText about {title}.\n", encoding="utf-8")
    index = open_or_build(Settings(dir=notes, data_dir=tmp_path / "data"), None, HashingEncoder(64))
    numbers = {module.name: module.numbers for module in Syllabus(index).modules("en")}
    assert numbers == {"Start": (), "1. CPR": (1,), "Wounds": (2,), "Week 3": (3,)}


def test_a_module_is_summarised_by_a_name_that_has_a_number(baking: Assistant) -> None:
    for message in ("Weeks 3–4: Cake 요약해줘", "summarise Weeks 3–4: Cake"):
        (answer,) = dialogue(baking, message)
        assert {citation.module for citation in answer.citations} == {"Weeks 3–4: Cake"}
