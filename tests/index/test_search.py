"""Ranking and deciding, on notes whose vectors can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from index import store
from index.border import MAX_QUESTION_CHARACTERS, clean_question
from index.build import build
from index.deciding.abstention import Parameters
from index.errors import QuestionError
from index.ranking.dense import GrainIndex
from index.ranking.lexical import MatchKind
from index.records import Grain
from index.search import Query, Searcher, in_module
from tests.helpers.fakes import HashingEncoder

KOREAN = "# 모듈 1: 저장소\n\n## S3 버킷\n\n- S3 버킷은 객체를 담습니다.\n- 이름은 유일합니다.\n\n## EBS 볼륨\n\nEBS 볼륨은 디스크입니다.\n"
ENGLISH = "# Module 1: Storage\n\n## S3 buckets\n\n- An S3 bucket holds objects.\n- Its name is unique.\n\n## EBS volumes\n\nAn EBS volume is a disk.\n"
OTHER = "# Module 12: Networks\n\n## Subnets\n\nA subnet is a range of addresses.\n\n## Empty\n"
ENCODER = HashingEncoder(256)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, small_glossary: None) -> store.StoredIndex:
    root = tmp_path_factory.mktemp("search")
    (root / "notes").mkdir()
    for name, text in {"a.ko.md": KOREAN, "a.en.md": ENGLISH, "b.md": OTHER}.items():
        (root / "notes" / name).write_text(text, encoding="utf-8")
    build(root / "notes", root / "index", ENCODER, "hashing")
    return store.load(root / "index")


@pytest.fixture(scope="module")
def searcher(stored: store.StoredIndex) -> Searcher:
    return Searcher(stored, Parameters({"dense": 1.0}, 0.0, 0.5))


def vector(question: str) -> np.ndarray:
    return ENCODER.encode_questions([question])[0]


def read(searcher: Searcher, question: str) -> Query:
    return searcher.read(question, vector(question))


@pytest.mark.parametrize(
    ("question", "file", "heading"),
    [
        pytest.param("S3 버킷은 객체를 담나요?", "a.ko.md", "S3 버킷", id="korean"),
        pytest.param("What is an EBS volume?", "a.en.md", "EBS volumes", id="english"),
        pytest.param("A subnet is a range of what?", "b.md", "Subnets", id="one-edition-only"),
    ],
)
def test_the_best_section_comes_first_in_the_questions_edition(
    question: str, file: str, heading: str, searcher: Searcher
) -> None:
    best = searcher.search(read(searcher, question), 3).hits[0]
    assert (best.section.file, best.section.heading) == (file, heading)
    assert best.text == searcher.note(file).quote(best.section.first_line, best.section.last_line)
    assert best.best_line is not None
    assert best.section.first_line <= best.best_line.first_line <= best.section.last_line


def test_hits_are_ordered_and_every_section_comes_in_one_edition(searcher: Searcher) -> None:
    hits = searcher.search(read(searcher, "S3 bucket"), 100).hits
    keys = [hit.section.edition_key for hit in hits]
    assert len(set(keys)) == len(keys) == 6
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(searcher.search(read(searcher, "S3 bucket"), 2).hits) == 2


def test_the_edition_can_be_chosen(searcher: Searcher) -> None:
    question = "S3 bucket objects"
    result = searcher.search(read(searcher, question), 1, language="ko")
    assert (result.language, result.hits[0].section.file) == ("ko", "a.ko.md")


def test_a_module_narrows_to_its_sections(searcher: Searcher) -> None:
    question = "S3 bucket"
    result = searcher.search(read(searcher, question), 10, module="module 12")
    assert {hit.section.module for hit in result.hits} == {"Module 12: Networks"}
    nothing = searcher.search(read(searcher, question), 10, module="Module 99")
    assert (nothing.hits, nothing.decision.grounded, nothing.decision.probability) == ((), False, 0.0)


def test_a_bare_heading_has_no_best_line(searcher: Searcher) -> None:
    hits = searcher.search(read(searcher, "Empty"), 10).hits
    assert next(hit for hit in hits if hit.section.heading == "Empty").best_line is None


def test_words_that_the_notes_never_mention_are_named(searcher: Searcher) -> None:
    decision = searcher.search(read(searcher, "What is a DynamoDB bucket?"), 3).decision
    assert decision.absent == ("DynamoDB",)


def test_no_word_that_stands_in_the_notes_is_called_absent(searcher: Searcher, stored: store.StoredIndex) -> None:
    question = "What is uni?"  # in the notes inside another word: that they lack it would not be true to the letter
    match = next(match for match in stored.lexical.match(question) if match.term.surface == "uni")
    assert match.kind is MatchKind.ABSENT
    assert searcher.mentions("uni")
    assert searcher.mentions("EBS VOLUME")
    assert not searcher.mentions("DynamoDB")
    assert searcher.search(read(searcher, question), 3).decision.absent == ()


@pytest.mark.parametrize(("threshold", "grounded"), [(0.0, True), (1.1, False)], ids=["low", "high"])
def test_the_threshold_decides(threshold: float, grounded: bool, stored: store.StoredIndex) -> None:
    searcher = Searcher(stored, Parameters({}, 0.0, threshold))
    decision = searcher.search(read(searcher, "S3"), 1).decision
    assert (decision.grounded, decision.probability) == (grounded, 0.5)


def test_evidence_is_stronger_for_what_the_notes_say(searcher: Searcher) -> None:
    said, unsaid = "An S3 bucket holds objects.", "Where did Xylophone Quartets perform?"
    strong, weak = (searcher.evidence(read(searcher, question)) for question in (said, unsaid))
    assert strong.dense > weak.dense
    assert strong.covered_by_top > weak.covered_by_top


def test_lines_are_scored_in_order_with_the_words_they_share(searcher: Searcher, stored: store.StoredIndex) -> None:
    section = next(section for section in stored.sections if section.heading == "S3 buckets")
    scores = searcher.line_scores(
        searcher.read("Which bucket holds objects?", vector("bucket holds objects")), [section]
    )
    assert [score.piece.first_line for score in scores] == [5, 6]
    assert scores[0].shared > scores[1].shared
    assert scores[0].cosine > scores[1].cosine
    assert all(0.0 <= score.shared <= 1.0 for score in scores)


def test_large_notes_are_searched_through_graphs_with_the_same_best_hit(stored: store.StoredIndex) -> None:
    from dataclasses import replace

    def graph(index: GrainIndex) -> GrainIndex:
        rows = index.faiss_index.reconstruct_n(0, index.faiss_index.ntotal)
        return GrainIndex.build(rows, index.sections.tolist(), exact_limit=1)

    large = replace(stored, grains={grain: graph(stored.grains[grain]) for grain in Grain})
    for question in ("What is an EBS volume?", "S3 버킷은 객체를 담나요?"):
        exact, found = ((one := Searcher(index)).search(read(one, question), 1).hits[0] for index in (stored, large))
        assert found.section == exact.section


@pytest.mark.parametrize(
    "question", ["", "  ", "?!", "가" * (MAX_QUESTION_CHARACTERS + 1)], ids=["empty", "blank", "marks", "long"]
)
def test_what_cannot_be_searched_for_is_refused_in_both_languages(question: str) -> None:
    with pytest.raises(QuestionError, match=r"question.* / 질문"):
        clean_question(question)


def test_the_longest_question_is_accepted() -> None:
    clean_question("가" * MAX_QUESTION_CHARACTERS)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("Module 1", False),
        ("module 12", True),
        ("Module 12: Networks", True),
        (" MODULE 12 ", True),
        ("Networks", False),
    ],
)
def test_in_module(module: str, expected: bool, stored: store.StoredIndex) -> None:
    section = next(section for section in stored.sections if section.heading == "Subnets")
    assert in_module(section, module) is expected


@pytest.mark.parametrize(
    ("name", "module", "expected"),
    [
        ("Week 3 - Storage", "week 3", True),
        ("3주차 스토리지", "3주차", True),
        ("제3장 메모리", "제3장", True),
        ("Week 3 - Storage", "Week", False),
        ("Week 3 - Storage", "", False),
        ("Storage", "", False),
    ],
)
def test_a_module_is_meant_by_what_numbers_it(
    name: str, module: str, expected: bool, stored: store.StoredIndex
) -> None:
    assert in_module(replace(stored.sections[0], module=name), module) is expected
