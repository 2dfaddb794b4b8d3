"""Cutting sections into passages: lines lie within the section, nothing is lost, no sentence is cut."""

import re
import time

import pytest
from hypothesis import given, settings

from index.reading.notes import parse_note
from index.reading.passages import CHUNK_CHARACTERS, line_pieces, passages
from index.records import BlockKind, Grain, Passage, Section
from tests.index.reading.test_markdown import TEXTS


def section(text: str) -> Section:
    return parse_note(text, "x.md").sections[-1]


def chunks(text: str) -> list[Passage]:
    return [passage for passage in passages(section(text)) if passage.grain is Grain.CHUNK]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_passages_lie_within_their_section(text: str) -> None:
    for part in parse_note(text, "x.md").sections:
        for passage in passages(part):
            assert passage.section == part.number
            assert part.first_line <= passage.first_line <= passage.last_line <= part.last_line


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_block_is_in_a_chunk_and_in_a_line(text: str) -> None:
    for part in parse_note(text, "x.md").sections:
        found = passages(part)
        chunk_text = "".join("".join(p.text.split("\n")[1:]) for p in found if p.grain is Grain.CHUNK)
        line_text = "".join(piece.text for piece in line_pieces(part))
        for block in part.blocks:
            squeezed = re.sub(r"\s", "", block.text)
            assert squeezed in re.sub(r"\s", "", chunk_text)
            assert block.header or squeezed in re.sub(r"\s", "", line_text)


def test_a_section_has_the_three_grains() -> None:
    found = passages(parse_note("# A\n## B\n\n- 하나\n- 둘\n", "x.md").sections[1])
    assert [(p.grain, p.first_line, p.last_line, p.text) for p in found] == [
        (Grain.HEADING, 2, 2, "A > B"),
        (Grain.CHUNK, 4, 5, "A > B\n하나\n둘"),
        (Grain.LINE, 4, 4, "B: 하나"),
        (Grain.LINE, 5, 5, "B: 둘"),
    ]


def test_a_heading_without_body_is_its_path_and_one_chunk() -> None:
    assert [(p.grain, p.text) for p in passages(section("# A\n"))] == [(Grain.HEADING, "A"), (Grain.CHUNK, "A")]


def test_a_paragraph_is_quotable_sentence_by_sentence() -> None:
    pieces = line_pieces(section("# A\n\n첫 문장입니다. 둘째\n문장입니다. 셋째!\n끝\n"))
    assert [(piece.text, piece.first_line, piece.last_line) for piece in pieces] == [
        ("첫 문장입니다.", 3, 3),
        ("둘째 문장입니다.", 3, 4),
        ("셋째!", 4, 4),
        ("끝", 5, 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("`가\n나` 첫째다. 둘째다.\n셋째다.\n", id="code-span-over-lines"),
    ],
)
def test_where_lines_cannot_be_told_apart_the_whole_block_is_cited(text: str) -> None:
    pieces = line_pieces(section(text))
    assert len(pieces) == 3
    assert {(piece.first_line, piece.last_line) for piece in pieces} == {(1, text.count("\n"))}


def test_code_and_table_rows_are_quotable_whole_and_headers_are_not() -> None:
    text = "```sh\naws s3 ls. Then\nls\n```\n\n| a | b |\n|---|---|\n| 1 | 둘이다. 셋이다. |\n"
    assert [(piece.kind, piece.text) for piece in line_pieces(section(text))] == [
        (BlockKind.CODE, "aws s3 ls. Then\nls"),
        (BlockKind.TABLE_ROW, "1 | b: 둘이다. 셋이다."),
    ]


def test_a_long_korean_paragraph_is_cut_between_sentences_only() -> None:
    sentence = "버킷에 객체를 저장하면 여러 가용 영역에 복제되어 오래 보존됩니다."
    found = chunks("# A\n\n" + " ".join([sentence] * 60) + "\n")
    assert len(found) > 1
    for chunk in found:
        path, *lines = chunk.text.split("\n")
        assert path == "A"
        assert set(lines) == {sentence}
        assert sum(map(len, lines)) <= CHUNK_CHARACTERS


def test_long_code_is_cut_between_lines_that_keep_their_numbers() -> None:
    code = [f"line_{number} = {number} * 1000  # 설명" for number in range(100)]
    found = chunks("# A\n\n```python\n" + "\n".join(code) + "\n```\n")
    assert len(found) > 1
    for chunk in found:
        inside = chunk.text.split("\n")[1:]
        assert inside == code[chunk.first_line - 4 : chunk.last_line - 3]


def test_long_indented_code_has_no_fence_to_count() -> None:
    code = [f"line_{number} = {number} * 1000" for number in range(100)]
    found = chunks("# A\n\n" + "\n".join("    " + line for line in code) + "\n")
    assert [line for chunk in found for line in chunk.text.split("\n")[1:]] == code
    assert (found[0].first_line, found[-1].last_line) == (3, 102)


def test_many_sentences_in_one_paragraph_are_counted_once() -> None:
    text = "word one.\n" * 40_000
    started = time.process_time()
    found = passages(parse_note(text, "x.md").sections[0])
    assert time.process_time() - started < 10
    lines = [passage for passage in found if passage.grain is Grain.LINE]
    assert [(line.first_line, line.last_line) for line in lines[-2:]] == [(39_999, 39_999), (40_000, 40_000)]
