import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.answer_phrases import absent_sentence
from assistant.answering.composition import compose, lead
from assistant.closing import line_numbers
from assistant.records import Answer
from assistant.serving.assistant import Assistant
from index import Encoder, build_index
from index.course_index import CourseIndex
from index.settings import IndexSettings
from tests.places import CONTENT

MARKER = re.compile(r"\[(\d+)\]")
QUESTIONS = (
    "CloudTrail 기록은 며칠 보관돼?",
    "S3의 사용 사례를 모두 알려줘",
    "EBS랑 EFS 용량 차이가 뭐야?",
    "EC2, ECS, Lambda의 규모 단위를 비교해 줘",
    "메타데이터에서 자격 증명을 확인하는 명령어는?",
    "EFS는 뭐에 써? S3 객체 잠금은 뭐가 필요해?",
    "What are the steps to get started developing on AWS?",
    "What is the difference between user pools and identity pools?",
    "Can S3 metadata be encrypted?",
    "List the components of Organizations",
    "Principal example",
    "DynamoDB 파티션 키는?",
)


def check_citations(assistant: Assistant, answer: Answer) -> None:
    assert {int(marker) for marker in MARKER.findall(answer.text)} == {c.marker for c in answer.citations}
    for citation in answer.citations:
        note = assistant.index.note(citation.file)
        assert citation.quote == "\n".join(note.text.split("\n")[citation.first_line - 1 : citation.last_line])
        assert citation.file in answer.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_markers_resolve_and_quotes_equal_the_file(assistant: Assistant, question: str) -> None:
    check_citations(assistant, assistant.ask(question))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_citations_are_true_whatever_is_asked(assistant: Assistant, data: st.DataObject) -> None:
    sections = assistant.index.sections
    words = [word for section in sections for block in section.blocks for word in block.text.split()]
    question = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=8))) + " a"
    check_citations(assistant, assistant.ask(question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_first_words_open_the_whole_answer(assistant: Assistant, question: str) -> None:
    first, *_, whole = assistant.stream(question)
    assert first.text
    assert whole.text.startswith(first.text)
    assert first.grounded == whole.grounded


def test_the_quoted_file_is_the_file_on_disk(assistant: Assistant) -> None:
    root = CONTENT
    for citation in assistant.ask("S3의 사용 사례를 모두 알려줘").citations:
        lines = (root / citation.file).read_bytes().split(b"\n")[citation.first_line - 1 : citation.last_line]
        assert b"\n".join(lines) == citation.quote.encode()


def test_the_sources_name_module_headings_file_and_lines(assistant: Assistant) -> None:
    answer = assistant.ask("EFS는 S3보다 비싸?")
    assert answer.text.endswith(
        "**출처**\n\n- [1] 모듈 5: S3로 스토리지 솔루션 개발 › EFS와 S3의 비용 비교"
        f" · `developing-on-aws/05-s3-storage.ko.md` {answer.citations[0].first_line}행"
    )


def test_sides_without_a_table_of_their_own_are_set_side_by_side(assistant: Assistant) -> None:
    text = assistant.ask("EBS랑 EFS 용량 차이가 뭐야?").text
    assert "| EBS의 용량은 16TB까지입니다. [1] | EFS의 용량은 무제한(unlimited)입니다. [1] |" in text


def test_a_declined_question_offers_the_nearest_sections(assistant: Assistant) -> None:
    answer = assistant.ask("How does a DynamoDB partition key work?")
    assert not answer.grounded
    assert "The notes never mention “DynamoDB”" in answer.text
    for suggestion in answer.suggestions:
        assert " › ".join(suggestion.heading_path) in answer.text
    assert answer.citations == ()


def test_a_name_that_the_notes_lack_is_told_beside_the_answer(assistant: Assistant) -> None:
    understood = assistant.understand("CloudTrail 기록은 며칠 보관돼?")
    part = replace(understood.parts[0], unknown=("DynamoDB",))
    assert lead(part, "ko").endswith("노트에는 ‘DynamoDB’가 나오지 않습니다.")


@pytest.mark.usefixtures("few_subjects")
def test_lines_of_the_other_language_are_said_to_be_so(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "ko.md").write_text(
        "# 모듈 1: 저장\n\n## EFS\n\nEFS는 파일 공유에 씁니다.\n", encoding="utf-8"
    )
    place = IndexSettings(dir=tmp_path / "notes", data_dir=tmp_path / "data")
    build_index(place, encoder)
    assistant = Assistant(CourseIndex.open(place, encoder))
    understood = assistant.understand("What is EFS for?")
    part = replace(understood.parts[0], grounded=True)
    text = compose(assistant.select(replace(understood, parts=(part,))), assistant.index)
    assert "exists only in Korean" in text
    assert "> EFS는 파일 공유에 씁니다. [1]" in text


@pytest.mark.parametrize(
    ("words", "language", "sentence"),
    [
        ((), "ko", ""),
        (("DynamoDB",), "ko", "노트에는 ‘DynamoDB’가 나오지 않습니다."),
        (("Aurora", "파티션"), "ko", "노트에는 ‘Aurora’, ‘파티션’이 나오지 않습니다."),
        (("DynamoDB",), "en", "The notes never mention “DynamoDB”."),
        (("a", "b", "c", "d"), "en", "The notes never mention “a”, “b” or “c”."),
    ],
)
def test_absent_words_are_named_with_the_right_particle(words: tuple[str, ...], language: str, sentence: str) -> None:
    assert absent_sentence(words, language) == sentence


@pytest.mark.parametrize(
    ("spans", "language", "shown"),
    [
        ([(4, 4)], "ko", "4행"),
        ([(4, 6), (9, 9)], "ko", "4–6행, 9행"),
        ([(4, 4)], "en", "line 4"),
        ([(4, 6)], "en", "lines 4–6"),
        ([(4, 4), (9, 9)], "en", "lines 4, 9"),
    ],
)
def test_lines_are_numbered_as_each_language_does(spans: list[tuple[int, int]], language: str, shown: str) -> None:
    assert line_numbers(spans, language) == shown
