import pytest

from assistant.quiz.leading.commands import Command, command_of, quiz_topic


@pytest.mark.parametrize(
    ("text", "command"),
    [
        *((text, Command.SKIP) for text in ("건너뛰기", "넘어가 줘", "다음 문제", "skip", "Skip it please", "pass")),
        *(
            (text, Command.TELL)
            for text in ("그냥 알려줘", "정답 알려 줘", "모르겠어요", "just tell me", "I don't know")
        ),
        *(
            (text, Command.ANOTHER)
            for text in ("다른 문제 내 주세요", "another one", "Another question, please".replace(",", ""))
        ),
        *((text, Command.HARDER) for text in ("더 어렵게", "어려운 문제 내줘", "harder", "harder please")),
        *((text, Command.EASIER) for text in ("더 쉽게 해 줘", "쉬운 문제로", "easier")),
        *((text, Command.HINT) for text in ("힌트", "힌트 주세요", "hint", "give me a hint")),
        *((text, Command.COUNT) for text in ("맞은 걸로 해 줘", "같은 뜻이에요", "count it", "I was right")),
        *((text, Command.STOP) for text in ("그만할래", "퀴즈 그만", "stop", "quit")),
        *((text, None) for text in ("역할", "B", "EC2", "90 days", "the answer", "정책을 생성합니다", "")),
    ],
)
def test_commands_are_told_from_answers(text, command):
    assert command_of(text) is command


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("IAM 역할을 퀴즈로 설명해줘", "IAM 역할"),
        ("S3에 대해 퀴즈 내줘", "S3"),
        ("CloudTrail 퀴즈", "CloudTrail"),
        ("CloudWatch 경보 문제 내줘", "CloudWatch 경보"),
        ("퀴즈로 S3 알려줘", "S3"),
        ("quiz me on S3", "S3"),
        ("Quiz me about IAM roles!", "IAM roles"),
        ("Can you quiz me on EFS?", "EFS"),
        ("explain IAM roles like a quiz", "IAM roles"),
        ("give me a quiz on Cognito pools", "Cognito pools"),
        ("퀴즈 내줘", ""),
        ("Quiz me!", ""),
        ("S3가 뭐야?", None),
        ("500 오류 문제는 어떻게 해결해?", None),
        ("보안 그룹 문제가 생기면 어떻게 돼?", None),
        ("What is a role?", None),
    ],
)
def test_requests_for_a_quiz_are_recognised_with_their_topic(text, topic):
    assert quiz_topic(text) == topic
