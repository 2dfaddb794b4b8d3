import time

import pytest

from assistant.talk.wishes import Limited, Wish, Wished, read_limit, read_wish


@pytest.mark.parametrize(
    ("message", "wished"),
    [
        ("표로", Wished(Wish.TABLE)),
        ("방금 거 표로 만들어줘", Wished(Wish.TABLE)),
        ("표로 정리해 주세요", Wished(Wish.TABLE)),
        ("as a table", Wished(Wish.TABLE)),
        ("can you put that in a table?", Wished(Wish.TABLE)),
        ("목록으로 보여줘", Wished(Wish.LIST)),
        ("3개만", Wished(Wish.COUNT, 3)),
        ("그중에 두 개만 알려줘", Wished(Wish.COUNT, 2)),
        ("just three", Wished(Wish.COUNT, 3)),
        ("give me only 2 of them please", Wished(Wish.COUNT, 2)),
        ("방금 거 설명해줘", Wished(Wish.EXPLAIN)),
        ("무슨 말이야?", Wished(Wish.EXPLAIN)),
        ("이해가 안 가요", Wished(Wish.EXPLAIN)),
        ("explain that", Wished(Wish.EXPLAIN)),
        ("what does that mean?", Wished(Wish.EXPLAIN)),
        ("더 짧게", Wished(Wish.SHORTER)),
        ("한 줄로 요약해줘", Wished(Wish.SHORTER)),
        ("shorter", Wished(Wish.SHORTER)),
        ("too long", Wished(Wish.SHORTER)),
        ("다시", Wished(Wish.AGAIN)),
        ("다시 한번 말해 주세요", Wished(Wish.AGAIN)),
        ("say that again", Wished(Wish.AGAIN)),
        ("더 자세히", Wished(Wish.LONGER)),
        ("아니 그거 말고", Wished(Wish.LONGER)),
        ("다른 답 없어?", Wished(Wish.LONGER)),
        ("예시 들어줘", Wished(Wish.EXAMPLE)),
        ("쉽게 풀어서 설명해줘", Wished(Wish.SHORTER)),
        ("결론만", Wished(Wish.SHORTER)),
        ("출처가 어디야?", Wished(Wish.AGAIN)),
        ("where does it say that?", Wished(Wish.AGAIN)),
        ("first two only", Wished(Wish.COUNT, 2)),
        ("한글로 번역해줘", Wished(Wish.LANGUAGE, language="ko")),
        ("translate that to English", Wished(Wish.LANGUAGE, language="en")),
        ("영어로", Wished(Wish.LANGUAGE, language="en")),
        ("in Korean please", Wished(Wish.LANGUAGE, language="ko")),
    ],
)
def test_a_wish_about_the_last_answer_is_read(message: str, wished: Wished) -> None:
    assert read_wish(message) == wished


@pytest.mark.parametrize(
    "message",
    [
        "S3를 표로 보여줘",
        "표가 뭐야?",
        "테이블은?",
        "explain S3",
        "설명해줘",
        "3개만 있으면 돼?",
        "again 함수는?",
        "결론은 어떻게 써?",
        "출처 표기는?",
    ],
)
def test_a_question_with_a_topic_is_no_wish(message: str) -> None:
    assert read_wish(message) is None


@pytest.mark.parametrize(
    ("question", "limited"),
    [
        ("S3 사용 사례 3개만 알려줘", Limited("S3 사용 사례 알려줘", 3)),
        ("CloudWatch 작업 두 가지만", Limited("CloudWatch 작업", 2)),
        ("tell me just three use cases of S3", Limited("tell me use cases of S3", 3)),
        ("Use cases of S3, only two", Limited("Use cases of S3", 2)),
        ("인스턴스 1개만 있어도 돼?", Limited("인스턴스 1개만 있어도 돼?")),
        ("버킷을 3개만 만들 수 있어?", Limited("버킷을 3개만 만들 수 있어?")),
        ("only one bucket?", Limited("only one bucket?")),
        ("Name the three tiers", Limited("Name the three tiers")),
    ],
)
def test_a_number_of_things_wanted_is_told_from_a_number_asked_about(question: str, limited: Limited) -> None:
    assert read_limit(question) == limited


@pytest.mark.parametrize(
    "hostile", ["다시 " * 20, "좀 해 줘 " * 10 + "x", "그중에 " * 12, "please " * 10 + "x", "3개만" * 400]
)
def test_time_is_linear_in_the_message(hostile: str) -> None:
    began = time.process_time()
    read_wish(hostile)
    read_limit(hostile)
    assert time.process_time() - began < 0.5
