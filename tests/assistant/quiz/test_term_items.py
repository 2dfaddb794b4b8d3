import pytest

from assistant.quiz.making.bank import QuizBank
from assistant.quiz.making.source import QuizSource
from assistant.quiz.records import Item, ItemKind, Structure
from index.language.glossary import GlossaryEntry
from index.reading.notes import parse_note

TERMS = [
    GlossaryEntry(("S3",), ("S3",), "storage"),
    GlossaryEntry(("EFS",), ("EFS",), "storage"),
    GlossaryEntry(("깃",), ("Git",), "tool"),
    GlossaryEntry(("위키",), ("wiki",), "tool"),
    GlossaryEntry(("임시 자격 증명",), ("temporary credentials",), "credentials"),
    GlossaryEntry(("버전 관리",), ("versioning",), "feature"),
    GlossaryEntry(("역할",), ("role",), "identity"),
    GlossaryEntry(("AssumeRole",), ("AssumeRole",), "call"),
]


def items_from(markdown: str, file: str = "course/a.en.md") -> list[Item]:
    return list(QuizBank(QuizSource([parse_note(markdown, file)], TERMS)).items)


def stems(items: list[Item], structure: Structure) -> str:
    return "\n".join(item.stem for item in items if item.structure is structure)


@pytest.mark.parametrize(
    ("sentence", "unasked", "file"),
    [
        ("Credentials must not be stored in Git, a wiki, and others.", "Git", "a.en.md"),
        ("자격 증명은 깃, 위키 등에 저장하면 안 됩니다.", "위키", "a.ko.md"),
    ],
)
def test_what_is_named_as_an_example_is_not_left_blank(sentence: str, unasked: str, file: str) -> None:
    items = items_from(f"# Rules\n\n{sentence}\n", f"course/{file}")
    assert unasked not in {item.answer for item in items if item.structure is Structure.TERM}


@pytest.mark.parametrize(
    ("sentence", "file"),
    [
        ("Organizations policies are the SCP, the tag policy, and others.", "a.en.md"),
        ("Changes to the components of EFS must be made without errors.", "a.en.md"),
        ("EFS가 파일을 나누고, 여러 서버가 파일을 사용할 수 있습니다.", "a.ko.md"),
    ],
    ids=["an enumeration", "a negation already", "the second of two clauses"],
)
def test_a_sentence_whose_negation_would_be_a_riddle_is_not_made_false(sentence: str, file: str) -> None:
    items = items_from(f"# Rules\n\n{sentence}\n", f"course/{file}")
    assert {item.answer for item in items if item.kind is ItemKind.TRUE_FALSE} <= {"True", "참"}


def test_an_obligation_taken_away_reads_well_in_korean() -> None:
    note = (
        "# 규칙\n\n객체 잠금은 반드시 버전 관리와 함께 사용해야 합니다.\n\n객체 잠금은 반드시 기록을 보관해야 합니다.\n"
    )
    said = stems(items_from(note, "course/a.ko.md"), Structure.TRUTH)
    assert "반드시" not in "\n".join(line for line in said.split("\n") if "않아도" in line)


@pytest.mark.parametrize(
    ("sentence", "file"),
    [("Use the temporary credentials of STS.", "a.en.md"), ("STS의 임시 자격 증명을 사용합니다.", "a.ko.md")],
)
def test_a_short_piece_of_advice_is_neither_judged_nor_left_blank(sentence: str, file: str) -> None:
    items = items_from(f"# Rules\n\n- {sentence}\n- EFS is used to share files.\n", f"course/{file}")
    assert all(
        item.citation.quote != f"- {sentence}" for item in items if item.kind in (ItemKind.CLOZE, ItemKind.TRUE_FALSE)
    )


def test_a_noun_phrase_after_to_is_no_condition() -> None:
    note = (
        "# Rules\n\nTo resource-based permissions, you add a principal.\n\n"
        "If ELB shows unhealthy, it is a group problem.\n\nTo store records permanently, you save them to S3.\n\n"
        "When a call fails, you retry the operation.\n"
    )
    said = stems(items_from(note), Structure.CONDITION)
    assert "To store records permanently" in said
    assert "resource-based" not in said


def test_what_a_part_of_the_same_term_leads_to_is_no_wrong_ending() -> None:
    note = (
        "# Rules\n\nWhen you use a role, permissions are lent to others.\n\nWhen you use AssumeRole, the service STS is called.\n\n"
        "If ELB shows unhealthy, it is a security group problem.\n\nTo store records permanently, you save them to S3.\n\n"
        "When a call fails, you retry the operation.\n"
    )
    (item,) = [i for i in items_from(note) if i.structure is Structure.CONDITION and "use a role" in i.stem]
    assert "the service STS is called." not in item.options


def test_a_step_is_cut_at_its_remark() -> None:
    note = (
        "# Rules\n\nThe precedence of credentials is in this order.\n\n"
        "1. Hard-coded credentials\n2. Environment variables\n3. Instance role: this is the recommended way.\n"
    )
    orders = [item for item in items_from(note) if item.kind is ItemKind.ORDERING]
    assert [item.steps[-1] for item in orders] == ["Instance role"]


@pytest.mark.parametrize(
    "sentence",
    ["The capacity of EFS is unlimited.", "To connect S3 and a server, you must create a mount target."],
    ids=["without a limit", "what is needed"],
)
def test_what_may_hold_for_others_too_has_no_distractors_from_elsewhere(sentence: str) -> None:
    note = f"# Rules\n\n{sentence}\n\n# Git\n\nGit is a tool of this course.\n"
    terms = [*TERMS, GlossaryEntry(("EBS",), ("EBS",), "storage"), GlossaryEntry(("FSx",), ("FSx",), "storage")]
    items = QuizBank(QuizSource([parse_note(note, "course/a.en.md")], terms)).items
    assert not [item for item in items if item.structure is Structure.TERM and item.kind is ItemKind.CHOICE]
