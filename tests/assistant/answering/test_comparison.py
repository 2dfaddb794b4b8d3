import pytest

from assistant.answering.comparison import line_naming_all, lines_for, parallel_terms, sides_of
from index import CourseIndex


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("EBS랑 EFS 용량 차이가 뭐야?", ["EBS", "EFS"]),
        ("EC2, ECS, Lambda를 비교해 줘", ["EC2", "ECS", "Lambda"]),
        ("compare EC2 and Lambda", ["EC2", "Lambda"]),
        ("all-in cloud vs hybrid", ["all-in cloud", "hybrid"]),
        ("ec2 ecs lambda unit of scale", ["ec2", "ecs", "lambda"]),
        ("What is EFS for?", []),
        ("EC2랑 Lambda는 규모 단위가 어떻게 달라요?", ["EC2", "Lambda"]),
        ("Compare EC2 and Lambda in terms of scale and abstraction please", ["EC2", "Lambda"]),
    ],
)
def test_the_sides_are_what_stands_at_the_joints(course_index: CourseIndex, question: str, labels: list[str]) -> None:
    language = "ko" if any("가" <= character <= "힣" for character in question) else "en"
    assert [side.label for side in sides_of(course_index, question, language)] == labels


def test_names_stand_for_themselves_without_what_is_asked_about_both(course_index: CourseIndex) -> None:
    _, second = sides_of(course_index, "EC2랑 Lambda는 규모 단위가 어떻게 달라요?", "ko")
    assert second.keys.isdisjoint(course_index.words.keys_of("규모 단위"))


def test_a_side_in_the_other_language_is_called_as_the_glossary_does(course_index: CourseIndex) -> None:
    labels = [side.label for side in sides_of(course_index, "관리형과 비관리형의 차이", "en")]
    assert labels == ["managed", "unmanaged"]


@pytest.mark.parametrize(
    ("question", "parallel"),
    [
        ("EC2 ECS Lambda", {"EC2", "ECS", "Lambda"}),
        ("CloudTrail 기록은 며칠 보관돼?", set()),
        ("EC2와 EFS 연결", set()),
    ],
)
def test_parallel_terms_are_of_one_class(course_index: CourseIndex, question: str, parallel: set[str]) -> None:
    assert {side.label for side in parallel_terms(course_index, question)} == parallel


def test_every_side_gets_a_line_of_its_own_even_if_one_line_names_both(course_index: CourseIndex) -> None:
    question = "사용자 풀과 자격 증명 풀의 차이는?"
    lines = course_index.lines(question, course_index.search(question).hits[:3])
    found = lines_for(course_index, sides_of(course_index, question, "ko"), lines)
    assert [line.block.text[:8] for line in found.values()] == ["사용자 풀(us", "자격 증명 풀("]


def test_a_sentence_that_compares_settles_it_alone(course_index: CourseIndex) -> None:
    question = "EFS랑 S3 중에 뭐가 더 비싸?"
    lines = course_index.lines(question, course_index.search(question).hits[:3])
    line = line_naming_all(sides_of(course_index, question, "ko"), lines)
    assert line is not None
    assert line.block.text == "EFS는 S3에 비해 비쌉니다."
