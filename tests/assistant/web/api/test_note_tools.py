import json

import pytest

from assistant.serving.service import AssistantService, StillLoadingError
from assistant.web.api.note_tools import NoteTools
from index import QuestionError

KOREAN = "CloudTrail 기록은 며칠 보관돼?"


@pytest.fixture(scope="module")
def tools(assistant) -> NoteTools:
    service = AssistantService(lambda: assistant)
    service.reload()
    return NoteTools(service)


@pytest.mark.parametrize(
    ("question", "chosen", "language", "phrase"),
    [
        pytest.param(KOREAN, "", "ko", "90일", id="korean"),
        pytest.param(KOREAN, "en", "en", "90 days", id="korean, answered in english"),
        pytest.param("How long are CloudTrail events kept?", "fr", "en", "90 days", id="a language there is not"),
    ],
)
def test_ask_answers_with_citations(tools, question, chosen, language, phrase):
    answer = json.loads(tools.ask(question, language=chosen))
    assert (answer["language"], answer["grounded"]) == (language, True)
    assert phrase in answer["answer"]
    assert answer["citations"]


@pytest.mark.parametrize(("count", "found"), [(3, 3), (0, 1), (-5, 1), (999, 20)])
def test_search_returns_as_many_sections_as_it_may(tools, count, found):
    sections = json.loads(tools.search("IAM role", count))
    assert len(sections) == found
    assert [section["score"] for section in sections] == sorted((s["score"] for s in sections), reverse=True)


def test_search_keeps_to_a_module_and_to_the_lines(tools, assistant):
    sections = json.loads(tools.search("액세스 키", module="모듈 3"))
    assert {section["module"].partition(":")[0] for section in sections} == {"모듈 3"}
    for section in sections:
        note = assistant.index.note(section["file"])
        assert note.quote(section["first_line"], section["last_line"]) == section["text"]


def test_what_is_wrong_is_raised_as_it_is_told(tools):
    with pytest.raises(QuestionError):
        tools.ask("  ")
    with pytest.raises(StillLoadingError):
        NoteTools(AssistantService(lambda: pytest.fail("is not started"))).search("S3")
