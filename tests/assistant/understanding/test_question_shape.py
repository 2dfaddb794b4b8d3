import pytest

from assistant.selection import Shape
from assistant.understanding.question_shape import asks_order, asks_too_much, searchable, splits, wording


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("CloudTrail 기록은 며칠 보관돼?", Shape.FACT),
        ("How long are CloudTrail events kept?", Shape.FACT),
        ("S3의 사용 사례를 모두 알려줘", Shape.LIST),
        ("관리 도구에는 뭐가 있어?", Shape.LIST),
        ("list all the use cases of S3", Shape.LIST),
        ("What are the best practices?", Shape.LIST),
        ("EBS랑 EFS 차이가 뭐야?", Shape.COMPARISON),
        ("EFS가 더 비싸, S3가 더 비싸?", Shape.COMPARISON),
        ("all-in cloud vs hybrid", Shape.COMPARISON),
        ("How do user pools differ from identity pools?", Shape.COMPARISON),
        ("S3 메타데이터도 암호화할 수 있나요?", Shape.YES_NO),
        ("Can S3 metadata be encrypted?", Shape.YES_NO),
        ("So does EFS work with Lambda?", Shape.YES_NO),
        ("AWS 개발을 시작하는 순서를 알려줘", Shape.HOW_TO),
        ("Windows에 어떻게 접속해?", Shape.HOW_TO),
        ("how do I get started?", Shape.HOW_TO),
        ("메타데이터를 확인하는 명령어는?", Shape.CODE),
        ("show me the command", Shape.CODE),
    ],
)
def test_the_wording_tells_the_shape(question: str, shape: Shape) -> None:
    assert wording(question).shape is shape


@pytest.mark.parametrize(
    ("question", "insists"),
    [
        ("S3의 사용 사례를 모두 알려줘", True),
        ("CloudWatch 지표에는 뭐가 있어?", False),
        ("name the kinds of policies", True),
    ],
)
def test_some_words_insist_on_the_whole_list(question: str, *, insists: bool) -> None:
    assert wording(question).insists is insists


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("EFS는 뭐에 써? S3는 뭐에 써?", ("EFS는 뭐에 써?", "S3는 뭐에 써?")),
        (
            "CloudTrail 기록은 며칠 보관되고 EBS 용량은 얼마야?",
            ("CloudTrail 기록은 며칠 보관되고", "EBS 용량은 얼마야?"),
        ),
        ("what is EFS for and how long are records kept?", ("what is EFS for", "how long are records kept?")),
    ],
)
def test_two_questions_are_seen(message: str, parts: tuple[str, str]) -> None:
    assert next(splits(message)) == parts


@pytest.mark.parametrize(
    "message",
    [
        "EBS와 EFS의 용량은 얼마야?",
        "What are the pros and cons?",
        "EventBridge 내용이 있어? CloudWatch 쪽에 있던 것 같은데",
        "user pool and identity pool, what is the difference",
        "My target is unhealthy. What is the problem?",
    ],
)
def test_one_question_is_not_cut(message: str) -> None:
    assert list(splits(message)) == []


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("S3 말고 EFS는 뭐에 써?", "EFS는 뭐에 써?"),
        ("Besides EC2, what can EFS be integrated with?", "what can EFS be integrated with?"),
        ("EFS는 뭐에 써?", "EFS는 뭐에 써?"),
        ("S3 말고", "S3 말고"),
    ],
)
def test_what_a_question_rules_out_is_not_searched_for(question: str, searched: str) -> None:
    assert searchable(question) == searched


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("SDK는 어느 단계에서 설치해요?", True),
        ("자격 증명을 얻고 나서 뭘 해요?", True),
        ("what do I install before the SDK?", True),
        ("which step comes next?", True),
        ("SDK는 무엇으로 설치해요?", False),
        ("what is an SDK?", False),
    ],
)
def test_questions_about_an_order_are_told_apart(question: str, *, expected: bool) -> None:
    assert asks_order(question) is expected


@pytest.mark.parametrize(
    ("message", "too_much"),
    [
        ("S3가 뭐야? EC2는 뭐야? EBS는 뭐야?", True),
        ("S3는 뭐고 EC2는 뭐고 EBS는 뭐야?", True),
        ("What is S3, what is EBS, and how long are records kept?", True),
        ("뭐야 그리고 " * 150, True),
        ("S3가 뭐야? 그리고 EC2는 뭐야?", False),
        ("CloudTrail 기록은 며칠 보관되고 EBS 용량은 얼마야?", False),
        ("언제, 어디서, 왜 쓰는지 알려 줘", False),
        ("what is EFS for and how long are records kept?", False),
        ("S3, EBS, EFS 중에 뭐가 제일 싸?", False),
    ],
)
def test_more_than_two_questions_are_noticed(message: str, *, too_much: bool) -> None:
    assert asks_too_much(message) is too_much


@pytest.mark.parametrize(
    "message", ["뭐야 그리고 " * 150, "what is it, and what is it; " * 60, "뭐 하고 뭐 하며 " * 200]
)
def test_few_ways_to_cut_a_message_are_tried(message: str) -> None:
    assert len(list(splits(message))) <= 4
