import itertools

import pytest

from assistant.generating.grounding import Ground, Grounding
from assistant.generating.prompt import PromptSource
from assistant.generating.supported_draft import Draft, Drafter, is_in_language
from index import Block, BlockKind, CourseIndex, Section

TRAIL = ("CloudTrail stores its records for only about 90 days.", "To store records permanently, save them to S3.")
SCALING = ("Manual scaling", "Scheduled scaling", "Dynamic scaling")
CODE = "aws s3 mb s3://bucket\naws s3 ls"


def source(marker: int, *lines: str, kind: BlockKind = BlockKind.PARAGRAPH, language: str = "en") -> PromptSource:
    blocks = tuple(
        Block(kind, line, number, number + line.count("\n")) for number, line in enumerate(lines, 10 * marker)
    )
    heading = f"Section {marker}"
    section = Section(
        marker, "n.md", heading, (heading,), 2, "Module 1", language, 10 * marker - 1, 10 * marker + 8, "k", blocks
    )
    return PromptSource(marker, Ground(section, blocks))


SOURCES = (source(1, *TRAIL), source(2, *SCALING, kind=BlockKind.ITEM), source(3, CODE, kind=BlockKind.CODE))


@pytest.fixture
def drafter(course_index: CourseIndex) -> Drafter:
    return new_drafter(course_index)


def new_drafter(course_index: CourseIndex, language: str = "en") -> Drafter:
    grounding = Grounding(course_index.words)
    return Drafter(grounding, SOURCES, language, lambda section, first, last: f"{section.file}:{first}-{last}")


def draft(drafter: Drafter, text: str) -> Draft:
    drafter.feed(text)
    return drafter.finish()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param(
            "CloudTrail stores records for 90 days. [1]", "CloudTrail stores records for 90 days. [1]", id="as it is"
        ),
        pytest.param(
            "CloudTrail stores records for 90 days [1].",
            "CloudTrail stores records for 90 days. [1]",
            id="marker before the stop",
        ),
        pytest.param(
            "CloudTrail stores records for 90 days.[9]",
            "CloudTrail stores records for 90 days. [1]",
            id="unknown marker",
        ),
        pytest.param(
            "CloudTrail stores records for 90 days. [2]",
            "CloudTrail stores records for 90 days. [1]",
            id="wrong marker",
        ),
        pytest.param(
            "CloudTrail stores records for 90 days.", "CloudTrail stores records for 90 days. [1]", id="no marker"
        ),
        pytest.param("Paris is in France. [1]", "", id="unsupported"),
        pytest.param(
            "CloudTrail stores `records[2]` for 90 days. [1]",
            "CloudTrail stores `records[2]` for 90 days. [1]",
            id="an index in code",
        ),
        pytest.param(
            "Sure! CloudTrail stores records for 90 days. [1] Hope that helps!",
            "CloudTrail stores records for 90 days. [1]",
            id="chatter",
        ),
        pytest.param(
            "## Records\nCloudTrail stores records for 90 days. [1]",
            "CloudTrail stores records for 90 days. [1]",
            id="heading",
        ),
        pytest.param(
            "- Manual scaling [2]\n- Quantum scaling [2]\n- Dynamic scaling [2]",
            "- Manual scaling [1]\n- Dynamic scaling [2]",
            id="one item dropped",
        ),
        pytest.param("NOTHING", "", id="nothing"),
        pytest.param("nothing.", "", id="nothing with a stop"),
        pytest.param("", "", id="empty"),
        pytest.param("```\naws s3 ls\n```", "```\naws s3 ls\n```\n[1]", id="code of the notes"),
        pytest.param("```\naws s3 rb s3://bucket --force\n```", "", id="code of its own"),
        pytest.param("```\naws s3 ls", "```\naws s3 ls\n```\n[1]", id="fence left open"),
        pytest.param(
            "CloudTrail stores records for 90 days. [1]\n\nSave records to S3 permanently. [1]",
            "CloudTrail stores records for 90 days. [1]\n\nSave records to S3 permanently. [2]",
            id="paragraphs",
        ),
        pytest.param(
            "CloudTrail stores records for 90 days. [1] CloudTrail stores records for 90 days. [1]",
            "CloudTrail stores records for 90 days. [1]",
            id="said twice",
        ),
    ],
)
def test_only_supported_sentences_stay_with_true_markers(drafter, written, kept):
    assert draft(drafter, written).text == kept


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_makes_no_difference_how_the_words_arrive(course_index, size):
    text = (
        "Sure. CloudTrail stores records for 90 days.[1] Save records to S3 permanently [1].\n\n"
        "1. Manual scaling [2]\n2. Dynamic scaling [2]\n\n```bash\naws s3 ls\n```\n"
    )
    whole = draft(new_drafter(course_index), text)
    pieces = new_drafter(course_index)
    seen = [pieces.feed(text[start : start + size]).text for start in range(0, len(text), size)]
    assert pieces.finish() == whole
    assert len(whole.citations) == 5
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen))


def test_a_sentence_shows_as_soon_as_the_next_begins(drafter: Drafter):
    assert drafter.feed("CloudTrail stores records for 90 days. [1]").text == ""
    assert drafter.feed(" And").text == "CloudTrail stores records for 90 days. [1]"


def test_citations_count_from_one_and_hold_the_nearest_lines(drafter: Drafter):
    made = draft(drafter, "Records are saved to S3 permanently. [1] CloudTrail stores records for 90 days. [1]")
    assert [(c.marker, c.first_line, c.last_line, c.quote) for c in made.citations] == [
        (1, 11, 11, "n.md:11-11"),
        (2, 10, 10, "n.md:10-10"),
    ]


def test_what_was_dropped_is_counted(drafter: Drafter):
    assert draft(drafter, "Paris is in France. [1] Cats sleep all day. [1] Manual scaling [2]").dropped == 2


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        pytest.param("기록은 90일 동안 저장됩니다.", "ko", True, id="korean"),
        pytest.param("CloudTrail stores its records for 90 days.", "ko", False, id="english in a korean answer"),
        pytest.param("Amazon S3 Glacier", "ko", True, id="a name in a korean answer"),
        pytest.param("Records are kept for 90 days.", "en", True, id="english"),
        pytest.param("기록은 90일 동안 저장됩니다.", "en", False, id="korean in an english answer"),
        pytest.param("The term 버킷 means bucket in this course.", "en", True, id="a korean term in an english answer"),
        pytest.param("記録は90日間保存されます", "ko", False, id="japanese"),
        pytest.param("Записи хранятся 90 дней", "en", False, id="russian"),
    ],
)
def test_the_language_of_a_sentence_is_checked(text, language, fits):
    assert is_in_language(text, language) is fits
