"""Loading the assistant of a running app."""

import traceback

import pytest

from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService, StillLoadingError
from index import ContentError
from index.language.languages import detect_language


def test_a_started_assistant_is_ready_and_has_answered_in_both_languages(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    quote = assistant.quote
    monkeypatch.setattr(assistant, "quote", lambda question: asked.append(question) or quote(question))
    service = AssistantService(lambda: assistant)
    with pytest.raises(StillLoadingError):
        _ = service.assistant
    service.start().join(60)
    assert service.ready
    assert [detect_language(question) for question in asked] == ["ko", "en"]


def test_a_failed_load_is_kept_as_the_reason_and_an_earlier_assistant_stays(assistant: Assistant):
    outcomes = [assistant, ContentError("it is empty", "a.md")]

    def load() -> Assistant:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    service = AssistantService(load)
    service.reload()
    service.reload()
    assert service.assistant is assistant
    assert "empty" in str(service.error)

    never = AssistantService(lambda: (_ for _ in ()).throw(ContentError("it is empty", "a.md")))
    never.start().join(60)
    assert not never.ready
    with pytest.raises(ContentError):
        _ = never.assistant


def test_a_reason_that_is_told_again_and_again_does_not_grow():
    def load() -> Assistant:
        raise ContentError("it is empty", "a.md")

    service = AssistantService(load)
    service.reload()
    for _ in range(50):
        with pytest.raises(ContentError):
            _ = service.assistant
    assert service.error is not None
    assert len(traceback.extract_tb(service.error.__traceback__)) < 10
