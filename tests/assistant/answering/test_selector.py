import pytest

from assistant.selection import Selection, Shape
from assistant.serving.assistant import Assistant
from index import BlockKind


def select(assistant: Assistant, question: str) -> Selection:
    return assistant.select(assistant.understand(question))


def texts(selection: Selection) -> list[str]:
    return [block.text for excerpt in selection.excerpts for block in excerpt.blocks]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("EBS 용량은 얼마야?", "EBS의 용량은 16TB까지입니다."),
        ("What does S3 Object Lock require?", "To use the Object Lock feature of S3, you must use versioning."),
        ("콘솔에서는 뭘로 인증해?", "콘솔(console)에서는 사용자 이름(username)과 암호(password)로 인증합니다."),
    ],
    ids=["item", "sentence", "item of three"],
)
def test_a_fact_takes_one_line(assistant: Assistant, question: str, line: str) -> None:
    selection = select(assistant, question)
    assert [e.blocks[0].text for e in selection.excerpts if not e.is_remark] == [line]


def test_a_short_list_comes_whole_where_no_item_stands_out(assistant: Assistant) -> None:
    selection = select(assistant, "자격 증명을 어디에 두면 안 돼?")
    assert [line.split("에")[0] for line in texts(selection)[1:]] == ["코드", "Git, 위키(Wiki) 등 공개된 위치"]


def test_a_list_comes_whole_with_the_line_that_announces_it_under_one_marker(assistant: Assistant) -> None:
    selection = select(assistant, "S3의 사용 사례를 모두 알려줘")
    (excerpt,) = selection.excerpts
    assert [block.kind for block in excerpt.blocks] == [BlockKind.PARAGRAPH, *[BlockKind.ITEM] * 5]
    assert (excerpt.citation.first_line, excerpt.citation.last_line) == (
        excerpt.blocks[0].first_line,
        excerpt.blocks[-1].last_line,
    )


def test_a_line_that_announces_a_list_never_stands_alone(assistant: Assistant) -> None:
    selection = select(assistant, "리전(Region)을 선택할 때는 다음 네 가지를 고려합니다")
    assert len(texts(selection)) == 5


def test_a_comparison_takes_a_line_for_each_side(assistant: Assistant) -> None:
    (part,) = select(assistant, "EBS랑 EFS 용량 차이가 뭐야?").parts
    blocks = [block.text for excerpt in part.excerpts if not excerpt.is_remark for block in excerpt.blocks]
    assert blocks == ["EBS의 용량은 16TB까지입니다.", "EFS의 용량은 무제한(unlimited)입니다."]
    assert [side.split()[0] for side in part.sides] == ["EBS", "EFS"]


def test_code_comes_with_what_introduces_it_and_the_remark_after_it(assistant: Assistant) -> None:
    selection = select(assistant, "메타데이터에서 자격 증명을 확인하는 명령어는?")
    code, remark = selection.excerpts
    assert [block.kind for block in code.blocks] == [BlockKind.PARAGRAPH, BlockKind.CODE]
    assert remark.is_remark
    assert "IMDSv2" in remark.citation.quote


@pytest.mark.parametrize(
    ("question", "has_remark"),
    [("EBS 용량은 얼마야?", True), ("하나의 사용자는 여러 그룹에 속할 수 있어?", False)],
    ids=["the remark is on this line", "no remark"],
)
def test_a_remark_comes_with_the_line_it_is_on(assistant: Assistant, question: str, *, has_remark: bool) -> None:
    assert any(excerpt.is_remark for excerpt in select(assistant, question).excerpts) is has_remark


def test_markers_count_on_over_two_questions(assistant: Assistant) -> None:
    selection = select(assistant, "EFS는 뭐에 써? S3 객체 잠금은 뭐가 필요해?")
    assert len(selection.parts) == 2
    assert [citation.marker for citation in selection.citations] == [*range(1, len(selection.citations) + 1)]


def test_what_is_declined_has_no_excerpts_but_suggestions_and_the_absent_words(assistant: Assistant) -> None:
    selection = select(assistant, "DynamoDB 파티션 키는?")
    assert not selection.grounded
    assert selection.excerpts == ()
    assert len(selection.suggestions) == 3
    assert "DynamoDB" in selection.absent


def test_understanding_selects_nothing_yet(assistant: Assistant) -> None:
    understood = assistant.understand("S3의 사용 사례를 모두 알려줘")
    assert understood.grounded
    assert understood.excerpts == ()
    assert understood.parts[0].shape is Shape.LIST
