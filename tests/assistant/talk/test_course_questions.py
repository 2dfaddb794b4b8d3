import pytest

from assistant.talk.course_questions import CourseQuestion, read_course_question


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Summarise module 5", 5),
        ("모듈 5 요약해줘", 5),
        ("5번 모듈 요약 좀", 5),
        ("5주차 내용 정리해줘", 5),
        ("제2강 정리해줘", 2),
        ("두 번째 모듈은 뭘 다뤄?", 2),
        ("모듈 2는?", 2),
        ("그럼 모듈 3은?", 3),
        ("what about module three?", 3),
        ("the second module", 2),
        ("what does week 3 cover?", 3),
        ("What's in module 1?", 1),
        ("모듈 3에는 어떤 내용이 있나요?", 3),
        ("마지막 모듈 요약", -1),
    ],
)
def test_a_module_is_asked_for_by_its_number(message: str, number: int) -> None:
    read = read_course_question(message)
    assert read is not None
    assert read.number == number


@pytest.mark.parametrize(
    "message",
    [
        "이 강의에서 뭘 배워?",
        "이 강의는 무슨 내용이야?",
        "강의 내용 요약해줘",
        "수업 소개해줘",
        "이 노트는 뭐에 대한 거야?",
        "목차 보여줘",
        "what is this course about",
        "What will I learn?",
        "give me an overview of the course",
        "summarize the whole course please",
        "summarise everything",
        "전체 강의 요약 부탁드려요",
        "what topics does this course cover?",
        "모듈 몇 개야?",
        "list the modules",
    ],
)
def test_the_whole_course_is_asked_for(message: str) -> None:
    assert read_course_question(message) == CourseQuestion()


@pytest.mark.parametrize(
    ("message", "name"),
    [("광합성 요약해줘", "광합성"), ("summarise Telescopes", "Telescopes"), ("‘노출’ 부분 요약", "노출")],
)
def test_a_part_is_asked_for_by_its_name(message: str, name: str) -> None:
    read = read_course_question(message)
    assert read is not None
    assert read.name == name


@pytest.mark.parametrize("message", ["이 모듈 요약해줘", "summarise this chapter"])
def test_the_module_at_hand_is_asked_for(message: str) -> None:
    assert read_course_question(message) == CourseQuestion(is_here=True)


@pytest.mark.parametrize(
    "message",
    [
        "모듈 5에서 S3 버킷 이름은 어떻게 정해?",
        "what are the steps in module 3?",
        "모듈 1이랑 3 차이가 뭐야?",
        "compare module 1 and module 3",
        "이 강의 시험은 언제야?",
        "what is the exam format of this course",
        "Which modules are in these notes?",
        "IAM 역할 설명해줘",
        "AWS 개발의 첫 번째 단계는?",
        "과정이 뭐야?",
        "이 강의에서 S3 버킷을 어떻게 만들라고 해?",
    ],
)
def test_a_question_that_lines_answer_is_none_about_the_course(message: str) -> None:
    assert read_course_question(message) is None
