"""Words that question and notes share, and words that the notes lack."""

import json
import math

import pytest

from index.language.concepts import ConceptFinder, hangul_forms, is_concept
from index.language.glossary import GlossaryEntry
from index.language.terms import TermExtractor
from index.ranking.lexical import LexicalIndex, MatchKind
from index.reading.notes import parse_note

GLOSSARY = (
    GlossaryEntry(("자격 증명", "크리덴셜"), ("credentials",)),
    GlossaryEntry(("오토스케일링", "AS"), ("Auto Scaling", "AS"), "service"),
    GlossaryEntry(("기록",), ("log", "record")),
    GlossaryEntry(("보관",), ("keep",), "everyday"),
)
TEXTS = [
    "CloudTrail 기록은 90일 동안 보관됩니다.",
    "임시 자격 증명은 만료됩니다.",
    "EC2 인스턴스를 시작합니다.",
    "Auto Scaling adds instances.",
    "버킷 이름은 하나뿐입니다.",
    "A bucket policy grants access.",
    "kube-proxy는 노드에서 실행됩니다.",
    "스냅샷은 증분입니다.",
    "정적 파일입니다.",
    *(f"채우는 문장 {number}번입니다." for number in range(7)),
]


@pytest.fixture(scope="module")
def finder() -> ConceptFinder:
    return ConceptFinder.build(GLOSSARY, TermExtractor(hangul_forms(GLOSSARY)))


@pytest.fixture(scope="module")
def lexical(finder: ConceptFinder) -> LexicalIndex:
    text = "".join(f"# 제목\n\n{line}\n\n" for line in TEXTS)
    return LexicalIndex.build(parse_note(text, "x.md").sections, finder)


def found(lexical: LexicalIndex, question: str) -> list[tuple[str, MatchKind, set[int]]]:
    return [(match.term.surface, match.kind, lexical.sections_with(match)) for match in lexical.match(question)]


@pytest.mark.parametrize(
    ("question", "surface", "kind", "sections"),
    [
        pytest.param("CloudTrail이 뭐야?", "CloudTrail", MatchKind.EXACT, {0}, id="name"),
        pytest.param("kube-proxy", "kube-proxy", MatchKind.EXACT, {6}, id="hyphenated-name"),
        pytest.param("자격증명", "자격증명", MatchKind.GLOSSARY, {1}, id="other-spacing"),
        pytest.param("What are credentials?", "credentials", MatchKind.GLOSSARY, {1}, id="english-for-korean"),
        pytest.param("크리덴셜은?", "크리덴셜", MatchKind.GLOSSARY, {1}, id="loanword-for-korean"),
        pytest.param("오토스케일링", "오토스케일링", MatchKind.GLOSSARY, {3}, id="korean-for-english-of-two-words"),
        pytest.param("클라우드트레일은?", "클라우드트레일", MatchKind.TRANSLITERATION, {0}, id="hangul-spelling"),
        pytest.param("Where is the snapshot?", "snapshot", MatchKind.TRANSLITERATION, {7}, id="latin-of-hangul"),
        pytest.param("bukcet", "bukcet", MatchKind.TYPO, {5}, id="slip"),
        pytest.param("CloudTrial", "CloudTrial", MatchKind.TYPO, {0}, id="slip-in-a-part-of-a-name"),
        pytest.param("스냅샵", "스냅샵", MatchKind.TYPO, {7}, id="slip-in-korean"),
        pytest.param("성적", "성적", MatchKind.ABSENT, set(), id="korean-word-that-is-no-slip-of-another"),
        pytest.param("SnapshotPod", "SnapshotPod", MatchKind.ABSENT, set(), id="name-of-which-one-part-is-known"),
        pytest.param("DynamoDB", "DynamoDB", MatchKind.ABSENT, set(), id="absent-name"),
        pytest.param("람다", "람다", MatchKind.ABSENT, set(), id="absent-noun"),
    ],
)
def test_how_a_word_is_found(
    question: str, surface: str, kind: MatchKind, sections: set[int], lexical: LexicalIndex
) -> None:
    assert found(lexical, question)[0] == (surface, kind, sections)


def test_rare_words_lift_their_sections_and_absent_ones_none(lexical: LexicalIndex) -> None:
    bonuses = lexical.search("CloudTrail과 DynamoDB").bonuses
    assert bonuses.shape == (len(TEXTS),)
    assert bonuses.argmax() == 0
    assert bonuses[0] > 0
    assert set(bonuses[1:].tolist()) == {0.0}
    assert not lexical.search("DynamoDB").bonuses.any()


def test_words_of_every_section_say_nothing(lexical: LexicalIndex) -> None:
    assert lexical.idf("제목") == 0.0
    assert not lexical.search("제목").bonuses.any()


def test_idf_is_the_logarithm_of_the_share_of_sections(lexical: LexicalIndex) -> None:
    assert lexical.idf("cloudtrail") == pytest.approx(math.log(len(TEXTS)))
    assert lexical.idf("never seen") == pytest.approx(math.log(len(TEXTS)))


def test_json_and_back_finds_the_same(lexical: LexicalIndex) -> None:
    again = LexicalIndex.from_json(json.loads(json.dumps(lexical.to_json())))
    assert again.to_json() == lexical.to_json()
    assert again.glossary == lexical.glossary
    for question in ("클라우드트레일 기록은?", "What are credentials?", "CloudTrial"):
        assert found(again, question) == found(lexical, question)
        assert again.search(question).bonuses.tolist() == lexical.search(question).bonuses.tolist()


def test_keys_hold_words_and_concepts(lexical: LexicalIndex) -> None:
    keys = lexical.keys_of("임시 자격 증명")
    assert "임시" in keys
    assert any(is_concept(key) for key in keys)


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        pytest.param("자격 증명을 만듭니다.", "ko", ["credentials"], id="korean-gets-english"),
        pytest.param("Temporary credentials", "en", ["자격 증명"], id="english-gets-korean"),
        pytest.param("자격 증명(credentials)", "ko", [], id="what-the-text-says-itself-is-left-out"),
        pytest.param("보관합니다.", "ko", [], id="everyday-words-are-left-out"),
        pytest.param("아무 말", "ko", [], id="nothing-known"),
    ],
)
def test_translations(text: str, language: str, names: list[str], finder: ConceptFinder) -> None:
    assert finder.translations(text, language) == names


def test_the_longest_form_is_found_without_overlap(finder: ConceptFinder) -> None:
    terms = finder.extractor.extract("Auto Scaling credentials log")
    assert [(concept.first, concept.last) for concept in finder.longest(terms)] == [(0, 1), (2, 2), (3, 3)]


def test_a_finder_knows_the_atoms_of_its_forms(finder: ConceptFinder) -> None:
    assert finder.knows("자격")
    assert not finder.knows("없는말")
    assert "증명" in finder.atoms
