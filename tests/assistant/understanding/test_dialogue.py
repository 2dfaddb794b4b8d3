from typing import Any

import pytest
import yaml

from assistant.records import Answer, Turn
from assistant.serving.assistant import Assistant
from tests.places import DATA

CONVERSATIONS: list[dict[str, Any]] = yaml.safe_load((DATA / "conversations.yaml").read_text(encoding="utf-8"))


def check(turn: dict[str, Any], answer: Answer, language: str) -> None:
    asked = f"{turn['question']!r} (understood as {answer.standalone!r})"
    assert answer.language == turn.get("language", language), asked
    if "grounded" in turn:
        assert answer.grounded is turn["grounded"], f"{asked}\n{answer.text}"
    for text in turn.get("contains", ()):
        assert text in answer.text, asked
    for text in turn.get("lacks", ()):
        assert text not in answer.text, asked
    if "module" in turn:
        assert {citation.module.partition(":")[0] for citation in answer.citations} == {turn["module"]}, asked
    if "lines" in turn:
        quoted = [line for citation in answer.citations for line in citation.quote.split("\n") if line.strip()]
        assert len(quoted) <= turn["lines"], asked


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=[row["name"].replace(" ", "-") for row in CONVERSATIONS])
def test_a_conversation_goes_as_the_table_says(assistant: Assistant, conversation: dict[str, Any]) -> None:
    history: list[Turn] = []
    for turn in conversation["turns"]:
        answer = assistant.ask(turn["question"], history=history)
        check(turn, answer, conversation["language"])
        history.append(Turn(turn["question"], answer))


def test_the_table_has_sixty_conversations_in_both_languages_each_named_once() -> None:
    assert len(CONVERSATIONS) >= 60
    assert len({row["name"] for row in CONVERSATIONS}) == len(CONVERSATIONS)
    assert {row["language"] for row in CONVERSATIONS} == {"ko", "en"}
    assert sum(len(row["turns"]) > 1 for row in CONVERSATIONS) >= 15


def test_only_the_latest_turns_are_remembered(assistant: Assistant) -> None:
    first = Turn("EBS 용량은 얼마야?", assistant.ask("EBS 용량은 얼마야?"))
    later = Turn("과카몰 ID는 뭐야?", assistant.ask("과카몰 ID는 뭐야?"))
    recent = assistant.ask("그럼 EFS는?", history=[later, first])
    forgotten = assistant.ask("그럼 EFS는?", history=[first, *[later] * 6])
    assert recent.standalone == "EFS 용량은 얼마야?"
    assert "용량" not in forgotten.standalone


def test_a_turn_keeps_how_the_question_was_understood(assistant: Assistant) -> None:
    history: list[Turn] = []
    for question in ("EBS 용량은 얼마야?", "그럼 EFS는?", "영어로 말해줘"):
        history.append(Turn(question, assistant.ask(question, history=history)))
    assert [turn.answer.standalone for turn in history] == [
        "EBS 용량은 얼마야?",
        "EFS 용량은 얼마야?",
        "EFS 용량은 얼마야?",
    ]
    assert "unlimited" in history[-1].answer.text
