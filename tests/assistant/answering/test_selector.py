"""Which lines are taken for an answer: by behaviour on a few lines written here, and a small table for the course."""

import pytest

from assistant.selection import Selection, Shape
from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from index import BlockKind, open_or_build
from tests.helpers.fakes import HashingEncoder
from tests.helpers.small_builds import five_terms

NOTE = """# Module 1: Storage

## Volumes

- A volume holds 16 TB at most.
- A volume is attached to one instance.
  > **Editor's note:** some volumes can be attached to several.

## Shares

- A share has no limit of size.
- A share is mounted by many instances.

## Buckets

A bucket is used for these things:

- backups of databases
- pictures of a site
- logs of servers
- archives of mail

## Checking the token

Read the token with this command:

```sh
curl http://169.254.169.254/token
```

## Steps to make a bucket

1. Choose a name.
2. Choose a Region.
3. Create the bucket.
"""
USES = ["A bucket is used for these things:", "backups of databases", "pictures of a site", "logs of servers", "archives of mail"]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant on the note above, with an encoder that computes."""
    folder = tmp_path_factory.mktemp("storage")
    (folder / "notes").mkdir()
    (folder / "notes" / "storage.md").write_text(NOTE, encoding="utf-8")
    with five_terms(folder):
        return Assistant(
            open_or_build(Settings(dir=folder / "notes", data_dir=folder / "data"), None, HashingEncoder(256))
        )


def select(assistant: Assistant, question: str) -> Selection:
    return assistant.select(assistant.understand(question))


def texts(selection: Selection) -> list[str]:
    """Return the lines that are quoted, remarks apart."""
    return [block.text for excerpt in selection.excerpts if not excerpt.is_remark for block in excerpt.blocks]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        pytest.param("How many TB does a volume hold?", ["A volume holds 16 TB at most."], id="a-fact-is-one-line"),
        pytest.param("What are all the things a bucket is used for?", USES, id="a-list-comes-whole-and-announced"),
        pytest.param("A bucket is used for these things", USES, id="a-line-that-announces-never-stands-alone"),
        pytest.param(
            "What are the steps to make a bucket?",
            ["Choose a name.", "Choose a Region.", "Create the bucket."],
            id="steps-come-whole-and-in-order",
        ),
        pytest.param(
            "What is the command that reads the token?",
            ["Read the token with this command:", "curl http://169.254.169.254/token"],
            id="code-comes-with-what-introduces-it",
        ),
    ],
)
def test_the_fewest_whole_lines_are_taken(small: Assistant, question: str, lines: list[str]) -> None:
    assert texts(select(small, question)) == lines


def test_a_list_has_one_marker_over_all_its_lines(small: Assistant) -> None:
    (excerpt,) = select(small, "What are all the things a bucket is used for?").excerpts
    assert [block.kind for block in excerpt.blocks] == [BlockKind.PARAGRAPH, *[BlockKind.ITEM] * 4]
    assert NOTE.split("\n")[excerpt.citation.first_line - 1 : excerpt.citation.last_line] == [
        USES[0], "", *(f"- {use}" for use in USES[1:]),
    ]  # fmt: skip


def test_a_comparison_takes_a_line_for_each_side(small: Assistant) -> None:
    (part,) = select(small, "Compare a volume and a share").parts
    assert sorted(side.split()[0] for side in part.sides) == ["share", "volume"]
    assert sorted(" ".join(excerpt.blocks[0].text.split()[:2]) for excerpt in part.excerpts) == ["A share", "A volume"]


def test_a_remark_comes_with_the_line_it_is_on_and_with_no_other(small: Assistant) -> None:
    line, remark = select(small, "To how many instances is a volume attached?").excerpts
    assert (line.is_remark, remark.is_remark) == (False, True)
    assert remark.citation.quote.strip() == "> **Editor's note:** some volumes can be attached to several."
    assert not any(excerpt.is_remark for excerpt in select(small, "How many TB does a volume hold?").excerpts)


def test_markers_count_on_over_two_questions(small: Assistant) -> None:
    selection = select(small, "How many TB does a volume hold? By whom is a share mounted?")
    assert [texts_of.excerpts[0].blocks[0].text for texts_of in selection.parts] == [
        "A volume holds 16 TB at most.",
        "A share is mounted by many instances.",
    ]
    assert [citation.marker for citation in selection.citations] == [1, 2]


def test_what_is_declined_has_no_excerpts_but_suggestions_and_the_absent_words(small: Assistant) -> None:
    selection = select(small, "What is the boiling point of DynamoDB?")
    assert not selection.grounded
    assert selection.excerpts == ()
    assert selection.suggestions
    assert "DynamoDB" in selection.absent


def test_understanding_selects_nothing_yet(small: Assistant) -> None:
    understood = small.understand("What are all the things a bucket is used for?")
    assert understood.grounded
    assert understood.excerpts == ()
    assert understood.parts[0].shape is Shape.LIST


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("EBS 용량은 얼마야?", ["EBS의 용량은 16TB까지입니다."]),
        ("What does S3 Object Lock require?", ["To use the Object Lock feature of S3, you must use versioning."]),
        ("콘솔에서는 뭘로 인증해?", ["콘솔(console)에서는 사용자 이름(username)과 암호(password)로 인증합니다."]),
        ("EBS랑 EFS 용량 차이가 뭐야?", ["EBS의 용량은 16TB까지입니다.", "EFS의 용량은 무제한(unlimited)입니다."]),
    ],
    ids=["item", "sentence", "item-of-three", "comparison"],
)
def test_the_lines_of_the_shipped_course(assistant: Assistant, question: str, lines: list[str]) -> None:
    assert texts(select(assistant, question)) == lines


@pytest.mark.parametrize(
    ("question", "count", "first"),
    [
        ("자격 증명을 어디에 두면 안 돼?", 3, "코드"),
        ("S3의 사용 사례를 모두 알려줘", 6, "콘텐츠 저장"),
        ("리전(Region)을 선택할 때는 다음 네 가지를 고려합니다", 5, "거버넌스"),
    ],
    ids=["short-list", "list", "announcement"],
)
def test_the_lists_of_the_shipped_course(assistant: Assistant, question: str, count: int, first: str) -> None:
    announced, *items = texts(select(assistant, question))
    assert len(items) == count - 1
    assert announced not in items
    assert items[0].startswith(first)


def test_code_of_the_shipped_course_has_the_remark_that_follows_it(assistant: Assistant) -> None:
    code, remark = select(assistant, "메타데이터에서 자격 증명을 확인하는 명령어는?").excerpts
    assert [block.kind for block in code.blocks] == [BlockKind.PARAGRAPH, BlockKind.CODE]
    assert remark.is_remark
    assert "IMDSv2" in remark.citation.quote
