import pytest

from assistant.serving.assistant import Assistant
from assistant.talk.guide import NEXT_QUESTIONS, STARTERS, CourseGuide
from index import CourseIndex, detect_language


@pytest.fixture(scope="module")
def guide(course_index: CourseIndex) -> CourseGuide:
    return CourseGuide(course_index)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_course_is_named_without_the_word_overview(guide: CourseGuide, language: str):
    assert guide.course(language) == "Developing on AWS"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_first_questions_are_in_the_language_distinct_and_answered(
    guide: CourseGuide, assistant: Assistant, language: str
):
    starters = guide.starters(language)
    assert len(set(starters)) == STARTERS
    assert {detect_language(question) for question in starters} == {language}
    assert all(assistant.ask(question).grounded for question in starters)


def test_modules_are_those_of_the_language(guide: CourseGuide):
    assert [name.partition(":")[0] for name in guide.modules("ko")][1:] == ["모듈 1", "모듈 3", "모듈 5"]


def test_next_questions_are_new_and_answered(guide: CourseGuide, assistant: Assistant):
    first = "CloudTrail은 무엇을 기록하나요?"
    answer = assistant.ask(first)
    offered = guide.next_questions(answer, [first])
    assert 1 <= len(offered) <= NEXT_QUESTIONS
    assert all(assistant.ask(question).grounded for question in offered)
    assert offered[0] not in guide.next_questions(answer, [first, offered[0]])


def test_a_declined_question_leads_nowhere(guide: CourseGuide, assistant: Assistant):
    assert guide.next_questions(assistant.ask("DynamoDB 파티션 키는?"), []) == ()
