import pytest

from assistant.generating.grounding import Flaw, Ground, Grounding, readable_text
from index import Block, BlockKind, CourseIndex, Section

TRAIL_KO = "CloudTrail은 기록을 90일 정도까지만 저장합니다."
TRAIL_EN = "CloudTrail stores its records for only about 90 days."
KEYS_EN = "Access keys do not expire."
SCALING = ("Auto Scaling has these scaling methods.", "Manual scaling", "Scheduled scaling", "Dynamic scaling")
LINK = "See https://docs.example.com/trail for records."


@pytest.fixture(scope="module")
def grounding(course_index: CourseIndex) -> Grounding:
    return Grounding(course_index.words)


def ground(*lines: str, heading: str = "Notes") -> Ground:
    blocks = tuple(
        Block(
            BlockKind.ITEM if number else BlockKind.PARAGRAPH,
            line,
            number + 2,
            number + 2,
            int(number > 0),
            int(number > 0),
        )
        for number, line in enumerate(lines)
    )
    return Ground(Section(0, "n.md", heading, (heading,), 2, "Module 1", "en", 1, len(lines) + 1, "k", blocks), blocks)


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        pytest.param("CloudTrail은 기록을 90일까지 저장합니다. [1]", TRAIL_KO, id="korean paraphrase"),
        pytest.param("CloudTrail **stores** records for 90 days. [1][2]", TRAIL_EN, id="english with markup"),
        pytest.param("CloudTrail keeps records for ninety days.", TRAIL_EN, id="number in words"),
        pytest.param("CloudTrail stores records for 90 days.", TRAIL_KO, id="english on a korean line"),
        pytest.param("클라우드트레일은 기록을 90일 동안 저장합니다.", TRAIL_EN, id="korean on an english line"),
        pytest.param("Access keys never expire.", KEYS_EN, id="both deny"),
        pytest.param("Records: see https://docs.example.com/trail.", LINK, id="address of the line"),
    ],
)
def test_a_sentence_that_the_line_says_is_supported(grounding, sentence, line):
    assert grounding.verdict(sentence, [ground(line)]).flaw is None


@pytest.mark.parametrize(
    ("sentence", "line", "flaw"),
    [
        pytest.param("CloudTrail은 기록을 365일 동안 저장합니다.", TRAIL_KO, Flaw.NUMBER, id="other number"),
        pytest.param("CloudTrail stores records for 90 hours.", TRAIL_EN, Flaw.NUMBER, id="other unit"),
        pytest.param(
            "CloudTrail stores records for nine hundred days.", TRAIL_EN, Flaw.NUMBER, id="other number in words"
        ),
        pytest.param(
            "CloudTrail은 기록을 구백 일 저장합니다.", TRAIL_KO, Flaw.NUMBER, id="other number in korean words"
        ),
        pytest.param("DynamoDB stores records for 90 days.", TRAIL_EN, Flaw.NAME, id="other name"),
        pytest.param("CloudTrail stores records on MarsDB for 90 days.", TRAIL_EN, Flaw.NAME, id="name added"),
        pytest.param("CloudTrail does not store records for 90 days.", TRAIL_EN, Flaw.NEGATION, id="denied"),
        pytest.param("CloudTrail은 기록을 저장하지 않습니다.", TRAIL_KO, Flaw.NEGATION, id="denied in korean"),
        pytest.param("Access keys expire.", KEYS_EN, Flaw.NEGATION, id="denial left out"),
        pytest.param("Delicious pancakes need butter and syrup.", TRAIL_EN, Flaw.WORDS, id="something else"),
        pytest.param("See https://evil.example for records.", LINK, Flaw.LINK, id="other address"),
        pytest.param("CloudTrail records <img src=x onerror=alert(1)>", TRAIL_EN, Flaw.LINK, id="tag"),
        pytest.param("Yes, it is so.", TRAIL_EN, Flaw.EMPTY, id="nothing said"),
        pytest.param("[1]", TRAIL_EN, Flaw.EMPTY, id="only a marker"),
    ],
)
def test_a_sentence_that_the_line_does_not_say_has_a_flaw(grounding, sentence, line, flaw):
    assert grounding.verdict(sentence, [ground(line)]).flaw is flaw


@pytest.mark.parametrize(
    ("sentence", "flaw"),
    [
        pytest.param("Auto Scaling has three scaling methods.", None, id="three items"),
        pytest.param("Auto Scaling has five scaling methods.", Flaw.NUMBER, id="not five"),
    ],
)
def test_a_count_must_be_the_length_of_the_list(grounding, sentence, flaw):
    assert grounding.verdict(sentence, [ground(*SCALING)]).flaw is flaw


def test_the_nearest_lines_are_the_fewest_that_hold_what_is_said(grounding: Grounding):
    lines = ground(*SCALING)
    assert [piece.text for piece in grounding.nearest("Scaling can be scheduled.", lines)] == ["Scheduled scaling"]
    both = grounding.nearest("There is manual scaling and scheduled scaling.", lines)
    assert [piece.text for piece in both] == ["Manual scaling", "Scheduled scaling"]


def test_lines_of_two_passages_support_a_sentence_together(grounding: Grounding):
    sentence = "CloudTrail stores records for 90 days, and access keys do not expire."
    first, second = ground(TRAIL_EN), ground(KEYS_EN)
    assert not grounding.verdict(sentence, [first]).supported
    assert not grounding.verdict(sentence, [second]).supported
    assert grounding.verdict(sentence, [first, second]).supported


def test_every_line_of_the_notes_supports_itself(grounding: Grounding, course_index: CourseIndex):
    lines = [(s, block) for s in course_index.sections for block in s.blocks if block.kind is BlockKind.PARAGRAPH]
    refused = [
        block.text
        for section, block in lines
        if not grounding.verdict(block.text, [Ground(section, (block,))]).supported
    ]
    assert len(lines) > 50
    assert len(refused) <= len(lines) * 0.02, refused


def test_markers_and_markup_are_not_compared():
    assert readable_text("- **`S3`** holds [objects](http://x.y) [1, 2][3].") == "- S3 holds objects ."
