import time

import pytest

from assistant.understanding.follow_up import Leaning, read_follow_up


@pytest.mark.parametrize(
    ("question", "leaning", "rest"),
    [
        ("그럼 영구 보관은?", Leaning.ELLIPTIC, "영구 보관은?"),
        ("S3는?", Leaning.ELLIPTIC, "S3는?"),
        ("and for S3?", Leaning.ELLIPTIC, "for S3?"),
        ("what about the last step of EFS", Leaning.CONNECTED, "the last step of EFS"),
        ("그건 왜 필요해?", Leaning.PRONOUN, "왜 필요해?"),
        ("Is it more expensive than S3?", Leaning.PRONOUN, "Is more expensive than S3?"),
        ("그럼 S3 객체 잠금을 쓰려면 뭐가 필요해?", Leaning.CONNECTED, "S3 객체 잠금을 쓰려면 뭐가 필요해?"),
        ("CloudTrail 기록은 며칠 보관돼?", Leaning.NONE, "CloudTrail 기록은 며칠 보관돼?"),
        ("How long are CloudTrail events kept?", Leaning.NONE, "How long are CloudTrail events kept?"),
        ("S3 static website", Leaning.NONE, "S3 static website"),
    ],
)
def test_a_question_leans_as_it_is_worded(question: str, leaning: Leaning, rest: str) -> None:
    read = read_follow_up(question)
    assert (read.leaning, read.rest) == (leaning, rest)


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("왜?", Leaning.WHY),
        ("왜요??", Leaning.WHY),
        ("Why is that?", Leaning.WHY),
        ("예를 들면?", Leaning.EXAMPLE),
        ("for example?", Leaning.EXAMPLE),
        ("give me an example", Leaning.EXAMPLE),
        ("더 자세히", Leaning.MORE),
        ("좀 더 자세히 설명해 줘", Leaning.MORE),
        ("tell me more", Leaning.MORE),
        ("go on", Leaning.MORE),
        ("Tell me in more detail, please.", Leaning.MORE),
        ("Could you explain that in more detail?", Leaning.MORE),
        ("더 자세히 알려 주세요.", Leaning.MORE),
        ("Explain it more simply, please.", Leaning.SIMPLER),
        ("explain in simple terms", Leaning.SIMPLER),
        ("Can you give me an example?", Leaning.EXAMPLE),
        ("더 쉽게 설명해 주세요.", Leaning.SIMPLER),
        ("더 쉽게 설명해줘", Leaning.SIMPLER),
        ("explain it more simply", Leaning.SIMPLER),
        ("영어로 말해줘", Leaning.REPEAT),
        ("in Korean please", Leaning.REPEAT),
    ],
)
def test_a_question_without_a_topic_asks_on(question: str, leaning: Leaning) -> None:
    assert read_follow_up(question).leaning is leaning


@pytest.mark.parametrize(
    ("question", "ordinal", "rest"),
    [
        ("두 번째는?", 2, ""),
        ("두 번째는 뭘 기록해?", 2, "뭘 기록해?"),
        ("마지막 거 자세히 설명해줘", -1, ""),
        ("explain the second one", 2, ""),
        ("what about the last one?", -1, ""),
        ("3번은 뭐야?", 3, "뭐야?"),
        ("number 4?", 4, ""),
    ],
)
def test_an_ordinal_points_at_an_item(question: str, ordinal: int, rest: str) -> None:
    read = read_follow_up(question)
    assert (read.leaning, read.ordinal, read.rest) == (Leaning.ORDINAL, ordinal, rest)


@pytest.mark.parametrize(
    "question", ["AWS 개발의 첫 번째 단계는?", "what is the first step?", "두 번째 모듈은 뭘 다뤄?"]
)
def test_an_ordinal_of_something_named_is_no_follow_up(question: str) -> None:
    assert read_follow_up(question).leaning is not Leaning.ORDINAL


def test_a_why_with_a_topic_is_a_question_of_its_own() -> None:
    assert read_follow_up("ELB unhealthy는 왜 떠요?").leaning is Leaning.NONE


@pytest.mark.parametrize(
    "hostile",
    ["더" + " " * 200 + "x", "더 " * 1000, "please " * 300 + "x", "x" + "." * 2000 + ",", "니" + "?" * 2000 + "x"],
    ids=["spaces", "more", "please", "dots", "question-marks"],
)
def test_time_is_linear_in_the_question(hostile):
    began = time.process_time()
    read_follow_up(hostile)
    assert time.process_time() - began < 0.5  # the first took 25 seconds
