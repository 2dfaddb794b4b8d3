import pytest

from index import BlockKind, CourseIndex
from index.ranking.lines import announced_by, group_of, lead_in_of, remarks_after
from index.records import Line


def lines_of(course_index: CourseIndex, question: str, count: int = 1) -> list[Line]:
    hits = course_index.search(question).hits[:count]
    return course_index.searcher.lines(course_index.read(question), hits)


def line_with(lines: list[Line], text: str) -> Line:
    return next(line for line in lines if text in line.block.text)


def test_lines_come_in_the_order_of_the_note_each_block_once(course_index: CourseIndex) -> None:
    lines = lines_of(course_index, "EC2에 역할을 설정하여 S3에 접근하는 실습")
    section = lines[0].section
    assert [line.block for line in lines] == [block for block in section.blocks if not block.header]
    assert [line.place for line in lines] == sorted(line.place for line in lines)


def test_sentences_of_a_paragraph_are_lines_apart(course_index: CourseIndex) -> None:
    for section in course_index.sections:
        for block in section.blocks:
            assert block.first_line <= block.last_line
    lines = lines_of(course_index, "CloudTrail 기록은 며칠 보관돼?")
    assert [line.is_remark for line in lines] == [False, True, False]


@pytest.mark.parametrize(
    ("question", "lead_in", "items"),
    [
        ("리전 선택 기준", "다음 네 가지를 고려합니다", 4),
        ("Use cases of S3", "are as follows", 5),
        ("EC2 ECS Lambda 규모와 추상화", "다음과 같이 달라집니다", 3),
    ],
)
def test_a_lead_in_knows_its_list_and_the_list_its_lead_in(
    course_index: CourseIndex, question: str, lead_in: str, items: int
) -> None:
    lines = lines_of(course_index, question)
    announcing = line_with(lines, lead_in)
    announced = announced_by(announcing, lines)
    assert announcing.is_lead_in
    assert len(announced) == items
    assert lead_in_of(announced, lines) == [announcing]
    assert group_of(announced[1], lines) == announced


def test_a_sentence_that_announces_nothing_is_no_lead_in(course_index: CourseIndex) -> None:
    lines = lines_of(course_index, "EFS와 S3의 비용 비교")
    assert [line.is_lead_in for line in lines] == [False]
    assert announced_by(lines[0], lines) == []


def test_code_is_announced_too(course_index: CourseIndex) -> None:
    lines = lines_of(course_index, "메타데이터에서 역할의 자격 증명을 확인하는 명령")
    code = next(line for line in lines if line.block.kind is BlockKind.CODE)
    assert "명령은 다음과 같습니다" in lead_in_of([code], lines)[0].block.text


def test_a_remark_after_a_list_belongs_to_the_item_it_names(course_index: CourseIndex) -> None:
    lines = lines_of(course_index, "EBS와 EFS의 용량 비교")
    remark = line_with(lines, "64TiB")
    assert remarks_after([line_with(lines, "16TB")], lines) == [remark]
    assert remarks_after([line_with(lines, "다음과 같습니다")], lines) == []


def test_the_line_that_holds_the_words_of_the_question_shares_more(course_index: CourseIndex) -> None:
    lines = lines_of(course_index, "EBS 용량은 얼마야?")
    assert line_with(lines, "16TB").shared > line_with(lines, "무제한").shared
    assert line_with(lines, "16TB").score > line_with(lines, "무제한").score


def test_a_line_with_a_number_is_nearer_where_a_number_is_asked_for(course_index: CourseIndex) -> None:
    with_number = {line.block.text: line.score for line in lines_of(course_index, "CloudTrail 기록은 며칠 보관돼?")}
    kept = next(text for text in with_number if "90일" in text)
    assert with_number[kept] == max(with_number.values())
