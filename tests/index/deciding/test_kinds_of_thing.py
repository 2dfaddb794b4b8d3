"""Which kind of thing a question asks for, and whether a line holds one."""

import pytest

from index.deciding.kinds_of_thing import HELD_NAMES, KINDS, NAMES, asked, held


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("로그는 며칠 보관돼?", "time"),
        ("How long are logs kept?", "time"),
        ("람다 함수는 최대 몇 분 실행돼?", "number"),
        ("How many regions are there?", "number"),
        ("왜 하늘은 파란가요", "reason"),
        ("Why is the sky blue?", "reason"),
        ("대동여지도는 누가 만들었어?", "person"),
        ("Who wrote it?", "person"),
        ("S3 말고 다른 저장소는?", "exclusion"),
        ("Which planets besides Venus have no moon?", "exclusion"),
        ("EBS랑 EFS 차이", "comparison"),
        ("압축하는 명령어", "code"),
        ("얼마나 비싸요? 요금이요", "price"),
        ("빵을 다시 구워도 되나요?", "whether"),
        ("Can I bake it twice?", "whether"),
        ("MFA가 무슨 뜻이야", "meaning"),
    ],
)
def test_the_kind_asked_for_is_seen(question: str, kind: str) -> None:
    assert dict(zip(NAMES, asked(question), strict=True))[f"asks_{kind}"] == 1.0


def test_a_bare_keyword_asks_for_nothing_in_particular() -> None:
    assert sum(asked("외계행성")) == 0.0


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("기록은 90일 동안 남습니다", "time"),
        ("Logs are kept for 30 days", "time"),
        ("산소가 없기 때문에 자라지 못한다", "reason"),
        ("because there is no oxygen", "reason"),
        ("이 방식은 권장하지 않습니다", "exclusion"),
        ("tar --extract archive", "code"),
        ("a month costs $12", "price"),
    ],
)
def test_a_line_that_holds_the_kind_is_counted(line: str, kind: str) -> None:
    values = dict(zip(HELD_NAMES, held([line, "가나다라"]), strict=True))
    assert values[f"holds_{kind}"] == 0.5


def test_no_lines_hold_nothing() -> None:
    assert held([]) == [0.0] * len(HELD_NAMES)
    assert len({kind.name for kind in KINDS}) == len(KINDS)
