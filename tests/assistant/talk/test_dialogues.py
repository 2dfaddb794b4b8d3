"""Replays the table of dialogues: what a student says turn by turn, and what each answer must show."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.records import Answer, AnswerKind, Turn
from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from index import CourseIndex, Encoder, open_or_build
from tests.helpers.small_builds import few_other_subjects
from tests.places import ROOT

FOLDER = ROOT / "tests" / "data" / "dialogues"
OWN = "developing-on-aws"
DIALOGUES: list[tuple[str, dict[str, Any]]] = [
    (path.stem, dialogue)
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: path.stem != OWN)
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KEYS = set(
    "say kind grounded language section has lacks quotes items items_at_most quotes_at_most module offers read".split()
)
_NESTED = re.compile(r"^\s{2,3}[-*+] .*\n?", re.MULTILINE)
_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|\d+[.)]) ", re.MULTILINE)
_DECLINES = ("이 질문의 답이 나오지 않", "don't answer this question")


@pytest.fixture(scope="module")
def assistants(
    course_index: CourseIndex, encoder: Encoder, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Assistant]:
    """One assistant a course; the written courses are indexed beside few texts about other subjects."""
    found = {OWN: Assistant(course_index)}
    with few_other_subjects(tmp_path_factory.mktemp("subjects")):
        for name in dict.fromkeys(course for course, _ in DIALOGUES if course != OWN):
            settings = Settings(dir=ROOT / "tests" / "data" / "courses" / name / "notes", data_dir=data_dir)
            found[name] = Assistant(open_or_build(settings, None, encoder))
    return found


def check(turn: dict[str, Any], answer: Answer, language: str) -> None:
    """Check what every turn must show, and what this one must."""
    about = f"{turn['say']!r} (understood as {answer.standalone!r}, {answer.kind.value})\n{answer.text}"
    assert answer.kind is AnswerKind(turn.get("kind", "answer")), about
    assert answer.language == turn.get("language", language), about
    quotes = [citation.quote for citation in answer.citations]
    assert not ("grounded" in turn and answer.grounded is not turn["grounded"]), about
    if answer.kind in (AnswerKind.SMALL_TALK, AnswerKind.COURSE):
        assert not answer.grounded, about
        assert not answer.citations, about
        assert not answer.is_gap, about
        assert not any(text in answer.text for text in _DECLINES), about
    assert all(text in answer.text for text in turn.get("has", ())), about
    assert not any(text in answer.text for text in turn.get("lacks", ())), about
    assert all(any(text in quote for quote in quotes) for text in turn.get("quotes", ())), about
    if "section" in turn:
        assert any(turn["section"] in " › ".join((c.module, *c.heading_path)) for c in answer.citations), about
    said = answer.text.split("\n**출처**")[0].split("\n**Sources**")[0]
    items = len(_ITEM.findall(_NESTED.sub("", said)))
    assert turn.get("items", items) == items <= turn.get("items_at_most", items), about
    assert len(answer.citations) <= turn.get("quotes_at_most", len(answer.citations)), about
    assert not turn.get("offers") or answer.offer, about
    assert not turn.get("read") or answer.notice, about


@pytest.mark.parametrize(
    ("course", "dialogue"), DIALOGUES, ids=[f"{course}-{d['name'].replace(' ', '-')}" for course, d in DIALOGUES]
)
def test_a_dialogue_goes_as_the_table_says(
    assistants: dict[str, Assistant], course: str, dialogue: dict[str, Any]
) -> None:
    assistant, history = assistants[course], list[Turn]()
    for turn in dialogue["turns"]:
        answer = assistant.ask(turn["say"], history=history, module=turn.get("module"))
        check(turn, answer, dialogue["language"])
        for citation in answer.citations:
            note = assistant.index.note(citation.file)
            assert citation.quote == note.quote(citation.first_line, citation.last_line)
        history.append(Turn(turn["say"], answer))


def test_the_table_is_large_and_in_both_languages() -> None:
    turns = [turn for _, dialogue in DIALOGUES for turn in dialogue["turns"]]
    assert len(DIALOGUES) >= 80
    assert len(turns) >= 200
    assert len({(course, dialogue["name"]) for course, dialogue in DIALOGUES}) == len(DIALOGUES)
    assert sum(course != OWN for course, _ in DIALOGUES) >= 20
    for language in ("ko", "en"):
        assert sum(dialogue["language"] == language for _, dialogue in DIALOGUES) >= 0.4 * len(DIALOGUES)
    assert {key for turn in turns for key in turn} <= KEYS
