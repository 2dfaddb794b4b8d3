"""However a message is worded, and whatever was said before, few searches are made for it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.records import Turn
from assistant.serving.assistant import REPLAYED_QUESTIONS, Assistant
from assistant.serving.cache import AnswerCache
from index import CourseIndex, QuestionError, SearchResult, open_or_build
from index.border import MAX_QUESTION_CHARACTERS
from index.settings import IndexSettings
from tests.helpers.fakes import HashingEncoder
from tests.helpers.small_builds import five_terms
from tests.helpers.small_site import NOTES

#: One alone, two for each of four ways to cut it and one more that carries what the first named, two that lean.
MOST = 16
HOSTILE = [
    "뭐야 그리고 " * 150,
    "S3 버킷은 뭐야 그리고 " * 100,
    "what is it, and what is it; " * 60,
    "로그는 며칠이고 " * 100,
    "S3? " * 400,
    "S3는, " * 400,
    "S3 말고 EBS 빼고 " * 100,
    "두 번째 " * 300,
    "더 자세히 " * 200,
    "S3 vs EBS 차이 " * 150,
]
PLAIN = [
    "S3 버킷은 무엇을 담나요?",
    "로그는 며칠 보관돼요?",
    "S3 버킷이 뭐고 로그는 며칠 보관돼?",
    "왜?",
    "그럼 EBS는?",
    "두 번째 설명해 줘",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourseIndex]:
    folder = tmp_path_factory.mktemp("course")
    for name, text in NOTES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with five_terms(tmp_path_factory.mktemp("terms")):
        settings = IndexSettings(dir=folder, data_dir=tmp_path_factory.mktemp("data"))
        yield open_or_build(settings, None, HashingEncoder(256))


@pytest.fixture
def searches(index: CourseIndex, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are searched for from now on."""
    asked: list[str] = []
    search = CourseIndex.search

    def counted(self: CourseIndex, question: str, *rest: object, **named: object) -> SearchResult:
        asked.append(question)
        return search(self, question, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(CourseIndex, "search", counted)
    return asked


@pytest.mark.parametrize("language", [None, "en"])
@pytest.mark.parametrize("question", [*HOSTILE, *PLAIN], ids=lambda text: text[:12])
def test_one_message_makes_few_searches(
    index: CourseIndex, searches: list[str], question: str, language: str | None
) -> None:
    assistant = Assistant(index)
    turns = [Turn(past, assistant.quote(past)) for past in PLAIN[:3]]
    for history in ([], turns):
        searches.clear()
        with contextlib.suppress(QuestionError):
            assistant.ask(question, history=history, language=language)
        assert len(searches) <= MOST, len(searches)


def test_a_long_history_makes_as_few_searches_as_a_short_one(index: CourseIndex, searches: list[str]) -> None:
    Assistant(index).replay([question[:2000] for question in HOSTILE * 4])
    assert len(searches) <= MOST * REPLAYED_QUESTIONS


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("S3가 뭐야? EBS가 뭐야? 로그는 며칠 보관돼?", "한 번에 두 가지까지"),
        ("What is S3? What is EBS? How long are logs kept?", "two questions at a time"),
        ("S3 버킷은 무엇을 담나요?", ""),
        ("S3가 뭐야? EBS가 뭐야?", ""),
    ],
)
def test_a_student_is_told_kindly_that_two_questions_are_answered_at_a_time(
    index: CourseIndex, question: str, said: str
) -> None:
    cache = AnswerCache()
    for assistant in (Assistant(index), Assistant(index, cache=cache), Assistant(index, cache=cache)):
        notice = assistant.ask(question).notice
        assert said in notice if said else not notice
    assert len(cache) == 1, "the advice keeps no answer from being remembered"


LONG_ITEM = " ".join(f"Rule {number} of the second step is written out in full." for number in range(60))


def test_asking_on_about_an_item_longer_than_a_question_may_be_is_answered(
    tmp_path: Path, small_glossary_here: None
) -> None:
    notes = f"# Deploying\n\n## Steps of deploying\n\n1. First, pack it.\n2. {LONG_ITEM}\n3. Last, start it.\n"
    (tmp_path / "deploying.md").write_text(notes, encoding="utf-8")
    assert len(LONG_ITEM) > MAX_QUESTION_CHARACTERS
    settings = IndexSettings(dir=tmp_path, data_dir=tmp_path / "data")
    assistant = Assistant(open_or_build(settings, None, HashingEncoder(256)))
    asked = "What are the steps of deploying?"
    turns = [Turn(asked, assistant.ask(asked))]
    assert "Rule 59" in turns[0].answer.text
    for question in ("explain the second one", "두 번째 설명해 줘"):
        answer = assistant.ask(question, history=turns)
        assert [citation.first_line for citation in answer.citations] == [6], question
    assert assistant.ask("what does the second one say about rules?", history=turns).grounded
