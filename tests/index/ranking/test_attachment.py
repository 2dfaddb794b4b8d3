"""The lines of the notes that known questions belong to, through builds of an index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import store
from index.build import build, is_stale
from index.search import Searcher
from index.store import StoredIndex
from tests.helpers.fakes import HashingEncoder

NOTE = """# Storage

## Buckets

- A bucket holds objects.
- A bucket name is unique in the whole world.

## Volumes

- A volume belongs to one server.
- Snapshots keep the state of a volume.
"""
FACTS = """
- under: {en: Buckets}
  says: {en: A bucket name is unique in the whole world.}
  asked: [somebody abroad took the label I wanted, 이미 있는 이름이라고 거절당했어요]
- under: {en: Volumes}
  says: {en: Snapshots keep the state of a volume.}
  asked: [[how can I go back to yesterday], [are copies kept]]
"""

ABOUT_THE_COURSE = (("when is the exam", "시험은 언제인가요"), ("is there homework",))

pytestmark = pytest.mark.usefixtures("small_glossary", "few_questions_about_the_course")


@pytest.fixture
def few_questions_about_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.ranking.attachment.administration_questions", lambda: ABOUT_THE_COURSE)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "storage.md").write_text(NOTE, encoding="utf-8")
    (folder / "known_questions.yaml").write_text(FACTS, encoding="utf-8")
    return folder


def built(notes: Path, encoder: HashingEncoder) -> StoredIndex:
    build(notes, notes.parent / "index", encoder, "hashing")
    return store.load(notes.parent / "index")


def placed(stored: StoredIndex) -> set[tuple[str, int, str]]:
    """What is attached: heading, line and question."""
    known = stored.known
    return {(stored.sections[p.section].leaf, p.first_line, known.texts[p.question]) for p in known.places}


def first_heading(stored: StoredIndex, encoder: HashingEncoder, question: str) -> str:
    hits = (one := Searcher(stored)).search(one.read(question, encoder.encode_questions([question])[0]), 1).hits
    return hits[0].section.leaf


def test_questions_belong_to_the_line_that_reads_as_their_fact(notes: Path, hashing_encoder: HashingEncoder) -> None:
    assert placed(built(notes, hashing_encoder)) == {
        ("Buckets", 6, "somebody abroad took the label I wanted"),
        ("Buckets", 6, "이미 있는 이름이라고 거절당했어요"),
        ("Volumes", 11, "how can I go back to yesterday"),
        ("Volumes", 11, "are copies kept"),
    }


def test_questions_are_in_groups_that_ask_the_same_and_a_classifier_tells_them_apart(
    notes: Path, hashing_encoder: HashingEncoder
) -> None:
    known = built(notes, hashing_encoder).known
    by_group: dict[int, set[str]] = {}
    for text, group in zip(known.texts, known.groups, strict=True):
        by_group.setdefault(group, set()).add(text)
    assert sorted(map(len, by_group.values())) == [1, 1, 1, 2, 2]
    assert known.weights.shape == (5, hashing_encoder.width + 1)


def test_a_question_goes_to_the_group_that_it_asks_the_same_as(notes: Path, hashing_encoder: HashingEncoder) -> None:
    stored = built(notes, hashing_encoder)
    question = "how do I go back to where I was yesterday"
    vectors = hashing_encoder.encode_questions([question])
    likely = Searcher(stored).known_questions.group_probabilities([question], vectors)[0]
    position = stored.known.texts.index("how can I go back to yesterday")
    assert likely.argmax() == stored.known.groups[position]
    assert likely.sum() == pytest.approx(1.0)


def test_a_question_about_the_course_asks_the_same_as_another_and_leads_to_no_line(
    notes: Path, hashing_encoder: HashingEncoder
) -> None:
    stored = built(notes, hashing_encoder)
    known = stored.known
    groups = dict(zip(known.texts, known.groups, strict=True))
    assert groups["when is the exam"] == groups["시험은 언제인가요"] != groups["is there homework"]
    about_the_course = {question for same in ABOUT_THE_COURSE for question in same}
    assert about_the_course < groups.keys()
    assert about_the_course.isdisjoint(question for _, _, question in placed(stored))
    question = "when is the exam?"
    vector = hashing_encoder.encode_questions([question])[0]
    signal = Searcher(stored).known_questions
    assert signal.by_section(signal.likeness(question, vector)).max() < signal.likeness(question, vector).max()
    assert signal.group_probabilities([question], vector[None, :])[0].argmax() == groups["when is the exam"]


def test_a_question_about_the_course_that_a_line_answers_belongs_to_the_line(
    notes: Path, hashing_encoder: HashingEncoder
) -> None:
    path = notes / "known_questions.yaml"
    path.write_text(FACTS.replace("[are copies kept]", "[when is the exam]"), encoding="utf-8")
    stored = built(notes, hashing_encoder)
    assert ("Volumes", 11, "when is the exam") in placed(stored)
    assert stored.known.texts.count("when is the exam") == 1


def test_without_known_questions_there_are_none_about_the_course(notes: Path, hashing_encoder: HashingEncoder) -> None:
    (notes / "known_questions.yaml").unlink()
    assert built(notes, hashing_encoder).known.texts == ()


def test_a_question_like_a_known_one_finds_its_section(notes: Path, hashing_encoder: HashingEncoder) -> None:
    question = "how could I go back to yesterday?"
    with_file = built(notes, hashing_encoder)
    assert first_heading(with_file, hashing_encoder, question) == "Volumes"
    hit = (
        (one := Searcher(with_file))
        .search(one.read(question, hashing_encoder.encode_questions([question])[0]), 1)
        .hits[0]
    )
    assert hit.signals.known > 0.5
    assert "yesterday" not in hit.text  # known questions lead to a text and never become part of it


def test_a_line_is_scored_by_its_own_questions(notes: Path, hashing_encoder: HashingEncoder) -> None:
    stored = built(notes, hashing_encoder)
    question = "how can I go back to yesterday"
    vector = hashing_encoder.encode_questions([question])[0]
    volumes = next(section for section in stored.sections if section.leaf == "Volumes")
    belongs, snapshots = (one := Searcher(stored)).line_scores(one.read(question, vector), [volumes])
    assert belongs.known == 0.0
    assert 0.9 < snapshots.known <= 1.0


def test_questions_follow_a_line_that_was_reworded(notes: Path, hashing_encoder: HashingEncoder) -> None:
    path = notes / "storage.md"
    path.write_text(NOTE.replace("keep the state of a volume", "keep the whole state of a volume"), encoding="utf-8")
    assert ("Volumes", 11, "how can I go back to yesterday") in placed(built(notes, hashing_encoder))


def test_questions_of_a_line_that_is_gone_belong_nowhere(notes: Path, hashing_encoder: HashingEncoder) -> None:
    path = notes / "storage.md"
    path.write_text(NOTE.replace("- Snapshots keep the state of a volume.\n", ""), encoding="utf-8")
    assert {heading for heading, _, _ in placed(built(notes, hashing_encoder))} == {"Buckets"}


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        pytest.param(NOTE.replace("# Storage", "# Keeping data"), {"Buckets", "Volumes"}, id="the-same-course"),
        pytest.param(
            "# Plants\n\n## Light\n\n- Plants need light.\n- A volume of water.\n", set(), id="another-course"
        ),
        pytest.param("# Empty\n", set(), id="no-line"),
    ],
)
def test_the_shipped_questions_count_for_notes_of_the_same_course_only(
    notes: Path, hashing_encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch, text: str, headings: set[str]
) -> None:
    shipped = (notes / "known_questions.yaml").rename(notes.parent / "shipped.yaml")
    monkeypatch.setattr("index.reading.facts.COURSE_FILE", shipped)
    (notes / "storage.md").write_text(text, encoding="utf-8")
    assert {heading for heading, _, _ in placed(built(notes, hashing_encoder))} == headings


def test_a_changed_file_makes_the_index_stale_and_only_new_questions_are_encoded(
    notes: Path, hashing_encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = built(notes, hashing_encoder).manifest
    assert not is_stale(manifest, notes, "hashing")
    path = notes / "known_questions.yaml"
    path.write_text(FACTS.replace("[[how can", "[[what was in it last week, how can"), encoding="utf-8")
    assert is_stale(manifest, notes, "hashing")
    asked: list[str] = []
    encode = hashing_encoder.encode_questions

    def encode_questions(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return encode(texts)

    monkeypatch.setattr(hashing_encoder, "encode_questions", encode_questions)
    assert len(built(notes, hashing_encoder).known.texts) == 8
    assert asked == ["what was in it last week"]


def test_progress_is_told_for_passages_and_then_for_questions(notes: Path, hashing_encoder: HashingEncoder) -> None:
    told: list[tuple[int, int]] = []
    build(notes, notes.parent / "index", hashing_encoder, "hashing", lambda done, total: told.append((done, total)))
    assert told[1] == (7, 7)


def test_a_broken_file_is_left_out_by_name_and_its_questions_with_it(
    notes: Path, hashing_encoder: HashingEncoder
) -> None:
    assert built(notes, hashing_encoder).known.texts
    (notes / "known_questions.yaml").write_text("- {says: [", encoding="utf-8")
    after = built(notes, hashing_encoder)
    assert not after.known.texts
    assert [left.file for left in after.manifest.left_out] == ["known_questions.yaml"]
