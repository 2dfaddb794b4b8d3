import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml
from langchain_core.language_models import BaseChatModel

from assistant.generating.chat_model import ChatStream, Limits, open_chat_model
from assistant.generating.chat_model_writer import ChatModelWriter, open_writer
from assistant.generating.model_errors import ChatModelError, Trouble, notice
from assistant.records import Answer
from assistant.selection import Selection
from assistant.serving.assistant import Assistant
from assistant.serving.factory import create_assistant
from assistant.settings import Settings
from index import CourseIndex, GenerationError
from tests.helpers.fakes import ProviderError, ScriptedChatModel
from tests.places import DATA

QUESTION = "How long are CloudTrail events kept?"
TRUE = "CloudTrail stores its records for about 90 days. [1]"
FAST = Limits(first_words_seconds=0.4, total_seconds=0.8, backoff_seconds=0.01, heartbeat_seconds=0.02)
ATTACKS = yaml.safe_load((DATA / "prompt_attacks.yaml").read_text(encoding="utf-8"))


def writing(course_index: CourseIndex, model: BaseChatModel, limits: Limits = FAST) -> Iterator[ChatModelWriter]:
    writer = ChatModelWriter("scripted:one", ChatStream(lambda: model, limits), course_index)
    yield writer
    writer.close()


@pytest.fixture
def model() -> ScriptedChatModel:
    return ScriptedChatModel()


@pytest.fixture
def generative(course_index: CourseIndex, model: ScriptedChatModel) -> Iterator[Assistant]:
    for writer in writing(course_index, model):
        yield Assistant(course_index, writer)


def test_a_supported_answer_is_streamed_with_its_citation(generative, model, course_index):
    model.replies = [[TRUE, " Save them to S3 to store them permanently. [1]"]]
    *_, last = generative.stream(QUESTION)
    assert last.engine == "scripted:one"
    assert not last.provisional
    assert last.text.startswith("CloudTrail stores its records for about 90 days. [1] Save them")
    for citation in last.citations:
        assert course_index.note(citation.file).quote(citation.first_line, citation.last_line) == citation.quote
    assert "90 days" in last.citations[0].quote
    assert set(re.findall(r"\[(\d+)\]", last.text)) == {str(citation.marker) for citation in last.citations}
    assert not last.notice


def test_a_korean_question_is_answered_in_korean(generative, model):
    model.replies = [
        ["CloudTrail stores its records for about 90 days. [1] CloudTrail은 기록을 90일까지 저장합니다. [1]"]
    ]
    answer = generative.ask("CloudTrail 기록은 며칠 보관돼?")
    assert answer.text.startswith("CloudTrail은 기록을 90일까지 저장합니다. [1]")
    assert "stores" not in answer.text
    assert answer.citations[0].file.endswith(".ko.md")


def test_the_language_asked_for_decides(generative, model):
    model.replies = [["CloudTrail은 기록을 90일까지 저장합니다. [1]"]]
    answer = generative.ask(QUESTION, language="ko")
    assert answer.language == "ko"
    assert answer.engine == "scripted:one"
    assert "Korean" in model.asked[0][1].text


def test_what_the_notes_do_not_answer_is_declined_before_a_model_is_asked(generative, model):
    answer = generative.ask("김치찌개는 어떻게 끓여?")
    assert not answer.grounded
    assert answer.engine == "extractive"
    assert model.asked == []


def follows(course_index: CourseIndex, assistant: Assistant, attack: dict[str, str]) -> Answer:
    """Let a model that obeys ``attack`` answer; return what a student would see."""
    model = ScriptedChatModel(replies=[[attack["reply"]]])
    selection = assistant.select(assistant.understand(QUESTION))
    if attack["where"] == "question":
        asked = f"{QUESTION} {attack['attack']}"
        selection = replace(selection, question=asked, standalone=asked)
    elif attack["where"] != "reply":
        selection = poisoned(selection, attack["attack"], heading=attack["where"] == "heading")
    (writer,) = (writing(course_index, model),)
    generative = Assistant(course_index, next(writer))
    generative.select = lambda understood: selection
    answer = generative.ask(QUESTION)
    assert len(model.asked) == (attack["where"] != "heading")
    writer.close()
    return answer


def poisoned(selection: Selection, line: str, *, heading: bool) -> Selection:
    section = selection.excerpts[0].section
    planted = replace(section.blocks[-1], text=line)
    worse = replace(section, blocks=(*section.blocks, planted))
    if heading:
        worse = replace(section, heading_path=(*section.heading_path[:-1], line))
    excerpts = tuple(
        replace(excerpt, section=worse, blocks=excerpt.blocks if heading else (*excerpt.blocks, planted))
        for excerpt in selection.excerpts
    )
    hits = tuple(replace(hit, section=worse) for hit in selection.parts[0].result.hits[:1])
    part = replace(selection.parts[0], excerpts=excerpts, result=replace(selection.parts[0].result, hits=hits))
    return replace(selection, parts=(part,))


def test_there_are_attacks_enough_and_each_is_another():
    assert len({(attack["attack"], attack["reply"]) for attack in ATTACKS}) == len(ATTACKS) >= 20


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["id"])
def test_a_model_that_obeys_an_attack_does_not_reach_the_student(course_index, assistant, attack):
    answer = follows(course_index, assistant, attack)
    written = answer.text.partition("**Sources**")[0]
    assert not [payload for payload in attack["payload"] if payload in written]
    assert answer.grounded
    assert "90 days" in answer.text
    assert set(re.findall(r"\[(\d+)\]", written)) <= {str(citation.marker) for citation in answer.citations}


@pytest.mark.parametrize(
    ("steps", "trouble"),
    [
        pytest.param([ProviderError(401)], Trouble.KEY, id="wrong key"),
        pytest.param([ProviderError(403)], Trouble.KEY, id="forbidden"),
        pytest.param([ProviderError(404)], Trouble.SETTINGS, id="unknown model"),
        pytest.param([ProviderError(400, "context length exceeded")], Trouble.TOO_LONG, id="prompt too long"),
        pytest.param([ProviderError(400, "bad temperature")], Trouble.SETTINGS, id="bad request"),
        pytest.param([ProviderError(402)], Trouble.QUOTA, id="not paid"),
        pytest.param([TypeError("unexpected argument")], Trouble.SETTINGS, id="bad argument"),
        pytest.param([ProviderError(None, "boom")], Trouble.FAILED, id="unknown error"),
        pytest.param([5.0, TRUE], Trouble.SLOW, id="no first words"),
        pytest.param(["CloudTrail", 5.0, TRUE], Trouble.SLOW, id="stuck halfway"),
        pytest.param([TRUE, ProviderError(500)], Trouble.DOWN, id="broken off"),
        pytest.param(["I like trains. [1]"], Trouble.UNSUPPORTED, id="nothing supported"),
        pytest.param(["NOTHING"], Trouble.UNSUPPORTED, id="says nothing"),
        pytest.param([""], Trouble.UNSUPPORTED, id="empty"),
        pytest.param(["�\x00 }{ <|end|> 42 [1] "], Trouble.UNSUPPORTED, id="garbage"),
    ],
)
def test_a_trouble_is_told_and_the_notes_are_quoted(generative, assistant, model, steps, trouble):
    model.replies = [[*steps] for _ in range(FAST.attempts)]
    answer = generative.ask(QUESTION)
    assert answer.notice == notice(trouble, "en")
    assert answer.engine == "extractive"
    assert answer.text == assistant.ask(QUESTION).text


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        pytest.param(ProviderError(429), 3, id="out of quota"),
        pytest.param(ProviderError(503), 3, id="server down"),
        pytest.param(ConnectionRefusedError(), 3, id="refused"),
        pytest.param(ProviderError(401), 1, id="a wrong key stays wrong"),
        pytest.param(ProviderError(400), 1, id="a bad request stays bad"),
    ],
)
def test_only_what_may_pass_is_tried_again(generative, model, error, attempts):
    model.replies = [[error] for _ in range(5)]
    assert generative.ask(QUESTION).engine == "extractive"
    assert len(model.asked) == attempts


def test_the_second_attempt_may_succeed(generative, model):
    model.replies = [[ProviderError(503)], [TRUE]]
    answer = generative.ask(QUESTION)
    assert answer.engine == "scripted:one"
    assert not answer.notice


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_trouble_has_a_sentence_in_both_languages(trouble, language):
    said = notice(trouble, language)
    assert said.endswith(("니다.", "세요.")) if language == "ko" else said.endswith(".")


def test_no_provider_text_reaches_log_or_answer(generative, model, caplog):
    model.replies = [[ProviderError(401)], [TRUE]]
    with caplog.at_level(logging.DEBUG):
        answer = generative.ask(QUESTION)
    assert "ProviderError, status 401" in caplog.text
    assert "sk-secret" not in caplog.text + str(answer.to_json())


def test_an_error_says_nothing_of_the_provider(course_index, assistant):
    selection = assistant.select(assistant.understand(QUESTION))
    model = ScriptedChatModel(replies=[[ProviderError(401)]])
    for writer in writing(course_index, model):
        with pytest.raises(ChatModelError) as caught:
            list(writer.write(selection))
        assert "sk-secret" not in str(caught.value)
        assert caught.value.__cause__ is None


def is_stopped_soon(model: ScriptedChatModel) -> bool:
    deadline = time.monotonic() + 2
    while not model.stopped and time.monotonic() < deadline:
        time.sleep(0.01)
    return model.stopped == 1


def test_a_student_who_leaves_stops_the_request(generative, model):
    model.replies = [[TRUE, " And", 0.7, TRUE]]
    stream = generative.stream(QUESTION)
    for _ in stream:
        if model.asked:
            break
    stream.close()
    assert is_stopped_soon(model)


def test_the_quoted_lines_stand_at_once_and_alone_until_the_models_words_are_whole(generative, assistant, model):
    model.replies = [[TRUE, 0.3, " Save them to S3 to store them permanently. [1]"]]
    quoted = assistant.ask(QUESTION)
    first, *growing, last = generative.stream(QUESTION)
    assert (first.text, first.citations, first.engine) == (quoted.text, quoted.citations, "extractive")
    assert first.provisional
    assert growing
    assert all(answer.provisional and not answer.differs(first) for answer in growing)
    assert last.differs(first)
    assert "permanently" in last.text


def test_the_first_answer_does_not_wait_for_the_model(generative, model):
    model.replies = [[5.0, TRUE]]
    stream = generative.stream(QUESTION)
    first = next(stream)
    assert "90 days" in first.text
    assert model.asked == []
    stream.close()


def test_where_the_model_fails_the_quoted_lines_stay_as_they_were(generative, model):
    model.replies = [[ProviderError(401)]]
    first, *_, last = generative.stream(QUESTION)
    assert (last.text, last.citations) == (first.text, first.citations)
    assert (first.notice, last.notice) == ("", notice(Trouble.KEY, "en"))
    assert not last.provisional


def test_what_is_declined_is_never_provisional(generative, model):
    assert not any(answer.provisional for answer in generative.stream("김치찌개는 어떻게 끓여?"))


@pytest.mark.parametrize("seconds", ["1", "600"])
def test_the_time_limit_is_a_setting(course_index, settings, monkeypatch, seconds):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    chosen = settings.model_copy(update={"chat_model": "openai:x", "chat_seconds": float(seconds)})
    assistant = create_assistant(chosen, course_index)
    assert assistant._writer._stream._limits.total_seconds == float(seconds)
    assert assistant._writer._stream._limits.first_words_seconds == float(seconds)


def test_a_silent_model_gives_heartbeats_so_that_leaving_is_noticed(generative, model):
    model.replies = [[TRUE, " And", 0.3, " so."]]
    answers = list(generative.stream(QUESTION))
    assert len(answers) > 8


def test_an_endless_answer_is_cut(course_index, model):
    model.replies = [[TRUE, *([" blah blah"] * 200), 15.0, TRUE]]
    for writer in writing(course_index, model, replace(FAST, characters=500, total_seconds=20.0)):
        answer = Assistant(course_index, writer).ask(QUESTION)
        assert is_stopped_soon(model)
    assert answer.engine == "scripted:one"
    assert "blah" not in answer.text


def test_passages_beyond_the_budget_are_said_to_be_too_long(course_index, model):
    writer = ChatModelWriter("scripted:one", ChatStream(lambda: model, FAST), course_index, tokens=5)
    assert Assistant(course_index, writer).ask(QUESTION).notice == notice(Trouble.TOO_LONG, "en")
    assert model.asked == []


def test_answers_with_a_model_are_remembered_but_failures_are_not(course_index, model, settings):
    model.replies = [[ProviderError(401)], [TRUE]]
    for writer in writing(course_index, model):
        cached = create_assistant(settings, course_index)
        cached = Assistant(course_index, writer, cached._cache)
        assert [cached.ask(QUESTION).engine for _ in range(3)] == ["extractive", "scripted:one", "scripted:one"]
    assert len(model.asked) == 2


def test_unset_means_to_quote_the_notes(course_index, settings):
    assert create_assistant(settings, course_index).engine == "extractive"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("cohere:command-r", "pip install langchain-cohere", id="package missing"),
        pytest.param("nobody:model", "LangChain knows no provider 'nobody'", id="unknown provider"),
    ],
)
def test_what_must_be_installed_or_corrected_is_said_at_the_start(course_index, settings: Settings, name, said):
    with pytest.raises(GenerationError, match=re.escape(said)):
        create_assistant(settings.model_copy(update={"chat_model": name}), course_index)


def test_a_missing_key_is_told_with_the_first_answer(course_index, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    answer = Assistant(course_index, open_writer("openai:gpt-4o-mini", course_index, FAST)).ask(QUESTION)
    assert answer.notice == notice(Trouble.KEY, "en")


def test_no_limit_of_the_client_ends_a_longer_one(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    model = open_chat_model("openai:x", Limits(first_words_seconds=600.0, total_seconds=600.0))
    assert (model.request_timeout, model.stream_chunk_timeout) == (600.0, None)
