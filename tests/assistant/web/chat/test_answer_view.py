from dataclasses import replace
from pathlib import Path

import pytest

from assistant.serving.assistant import Assistant
from assistant.serving.verified import ENGINE as VERIFIED
from assistant.web.chat.answer_view import answer_html, exchange_html, question_html
from assistant.web.chat.archive import Conversation, Exchange
from assistant.web.chat.export import file_name, to_markdown
from assistant.web.sources import note_link
from assistant.web.strings import Strings, load_strings


@pytest.fixture(scope="module")
def korean() -> Strings:
    return load_strings()["ko"]


@pytest.mark.parametrize("question", ["CloudTrail 기록은 며칠 보관돼?", "How long are CloudTrail events kept?"])
def test_every_citation_is_linked_and_the_sources_are_told_once(assistant: Assistant, korean: Strings, question: str):
    answer = assistant.ask(question)
    html = answer_html(answer, korean)
    assert answer.citations
    for citation in answer.citations:
        assert html.count(f'href="{note_link(citation)}"') >= 2
    assert html.count(answer.citations[0].file) == 2 * len(answer.citations)


def test_what_the_page_lists_is_not_said_again(assistant: Assistant):
    declined = assistant.ask("DynamoDB 파티션 키는?")
    for answer in (declined, assistant.ask("CloudTrail 기록은 며칠 보관돼?")):
        assert ".md" not in answer.body
        assert answer.text.startswith(answer.body)


def test_a_declined_answer_names_the_nearest_sections(assistant: Assistant, korean: Strings):
    answer = assistant.ask("DynamoDB 파티션 키는?")
    html = answer_html(answer, korean)
    assert 'class="answer declined"' in html
    assert all(note_link(suggestion) in html for suggestion in answer.suggestions)


def test_a_question_is_text(korean: Strings):
    assert "&lt;b&gt;" in question_html("<b>\n  x", korean)


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        (Exchange("q"), "chat.searching"),
        (Exchange("q", state="stopped"), "chat.stopped"),
        (Exchange("q", state="failed", trouble="<i>"), None),
    ],
    ids=["pending", "stopped", "failed"],
)
def test_an_exchange_without_an_answer_says_why(exchange: Exchange, told: str | None, korean: Strings):
    assert (korean[told] if told else "&lt;i&gt;") in exchange_html(exchange, korean)


def test_an_answer_that_a_model_still_words_can_be_read_and_says_so_only_as_long_as_it_does(
    assistant: Assistant, korean: Strings
):
    lines = replace(assistant.ask("CloudTrail 기록은 며칠 보관돼?"), provisional=True)
    assert "90일" in exchange_html(Exchange("q", lines), korean)
    assert korean["chat.writing"] in exchange_html(Exchange("q", lines), korean)
    assert korean["chat.writing"] not in exchange_html(Exchange("q", lines, "done"), korean)
    assert korean["chat.writing"] not in exchange_html(Exchange("q", replace(lines, provisional=False)), korean)


def test_an_instructors_answer_names_no_engine(assistant: Assistant, korean: Strings):
    answer = assistant.ask("CloudTrail 기록은 며칠 보관돼?")
    assert 'class="engine"' not in answer_html(replace(answer, engine=VERIFIED), korean)
    assert 'class="engine"' in answer_html(replace(answer, engine="a model"), korean)


def test_a_conversation_is_exported_with_its_sources_once(assistant: Assistant, korean: Strings):
    answer = assistant.ask("CloudTrail 기록은 며칠 보관돼?")
    conversation = Conversation("1", (Exchange("기록은\n며칠?", answer, "done"), Exchange("더?")))
    text = to_markdown(conversation, korean)
    assert "> 기록은\n> 며칠?" in text
    assert answer.text in text
    assert text.count(answer.citations[0].file) == 1
    assert file_name(conversation) == "기록은-며칠.md"
    assert file_name(Conversation("2", (Exchange("???"),))) == "conversation.md"
    assert Path(file_name(Conversation("3", (Exchange("../../x"),)))).name == "x.md"
