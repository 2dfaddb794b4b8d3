"""Extracting the words that carry meaning."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language import terms
from index.language.terms import TermExtractor, TermKind, is_stop_word, stem, words_of


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    return TermExtractor(["오토스케일링", "not hangul", ""])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("버킷에 객체를 저장합니다", ["버킷", "객체", "저장"], id="particles-are-dropped"),
        pytest.param("오토스케일링이란 무엇인가요?", ["오토스케일링"], id="words-that-the-analyser-was-told"),
        pytest.param("The buckets are stored", ["bucket", "store"], id="english-stems-without-stop-words"),
        pytest.param("EC2에서 S3로", ["ec2", "s3"], id="identifiers-with-korean-particles"),
        pytest.param("iam:PassRole", ["iam passrole"], id="identifier-whole"),
        pytest.param("t3.micro 90일", ["t3 micro", "90"], id="numbers"),
        pytest.param("a b c 것 수", [], id="nothing-that-means-anything"),
        pytest.param("", [], id="empty"),
    ],
)
def test_keys(text: str, expected: list[str], extractor: TermExtractor) -> None:
    keys = [term.key for term in extractor.extract(text) if term.kind is not TermKind.VERB]
    assert [key for key in keys if key != "일"] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("DynamoDB", TermKind.NAME, id="camel-case"),
        pytest.param("kube-proxy", TermKind.NAME, id="hyphen"),
        pytest.param("MFA", TermKind.NAME, id="capitals"),
        pytest.param("bucket", TermKind.WORD, id="plain"),
        pytest.param("Bucket", TermKind.WORD, id="at-the-start-of-a-sentence"),
        pytest.param("버킷", TermKind.NOUN, id="korean"),
        pytest.param("90", TermKind.NUMBER, id="number"),
    ],
)
def test_kinds(text: str, kind: TermKind, extractor: TermExtractor) -> None:
    (term,) = extractor.extract(text)
    assert (term.kind, term.surface) == (kind, text)


def test_an_identifier_is_found_whole_and_in_parts(extractor: TermExtractor) -> None:
    (term,) = extractor.extract("iam:PassRole")
    assert set(term.keys) >= {"iam passrole", "iam", "pass", "role"}


def test_spacing_makes_no_difference_to_atoms(extractor: TermExtractor) -> None:
    apart, together = (
        [atom for term in extractor.extract(text) for atom in term.atoms] for text in ("자격 증명", "자격증명")
    )
    assert apart == together == ["자격", "증명"]


def test_an_abbreviation_in_capitals_is_no_stop_word(extractor: TermExtractor) -> None:
    assert [term.surface for term in extractor.extract("What does AS do?")] == ["AS"]
    assert [term.surface for term in extractor.extract("WHAT IS THIS FOR")] == []


@given(
    st.lists(st.sampled_from(["EC2", "버킷을", "iam:PassRole", "the", "90", "저장", "…", "\n", "Bucket"]), max_size=10)
)
@settings(deadline=None, max_examples=50)
def test_terms_come_in_order_and_stand_where_they_say(extractor: TermExtractor, words: list[str]) -> None:
    text = " ".join(words)
    terms = extractor.extract(text)
    assert [term.start for term in terms] == sorted(term.start for term in terms)
    for term in terms:
        if term.kind is not TermKind.VERB:
            assert text[term.start :].startswith(term.surface)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("policies", "polici"), ("Policy", "polici"), ("running", "run"), ("aws", "aws"), ("SNS", "sns")],
)
def test_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_words_of_an_identifier() -> None:
    assert words_of("AWSCloudTrail_v2.log") == ["AWS", "Cloud", "Trail", "v", "2", "log"]


@pytest.mark.parametrize(("word", "expected"), [("The", True), ("bucket", False)])
def test_is_stop_word(word: str, expected: bool) -> None:
    assert is_stop_word(word) is expected


class HeldKiwi:
    """Stands for a Korean analyser whose making, where it knows the word ``HELD``, takes until it is let go on."""

    HELD = "새용어"
    made: list["HeldKiwi"]
    begun: threading.Semaphore
    go_on: threading.Event

    def __init__(self, **options: object) -> None:
        self.made.append(self)

    def add_user_word(self, word: str, tag: str) -> None:
        if word == self.HELD:
            self.begun.release()
            assert self.go_on.wait(30)

    def tokenize(self, text: str) -> list[object]:
        return []


@pytest.fixture
def held_kiwi(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[HeldKiwi]]:
    HeldKiwi.made, HeldKiwi.begun, HeldKiwi.go_on = [], threading.Semaphore(0), threading.Event()
    monkeypatch.setattr(terms, "Kiwi", HeldKiwi)
    terms._analyser.cache_clear()
    yield HeldKiwi
    HeldKiwi.go_on.set()
    terms._analyser.cache_clear()


def asking(*words: str) -> threading.Thread:
    thread = threading.Thread(target=TermExtractor(words).extract, args=("버킷이 뭐야?",), daemon=True)
    thread.start()
    return thread


def test_a_question_does_not_wait_while_the_analyser_of_another_glossary_is_made(held_kiwi: type[HeldKiwi]) -> None:
    held = asking(held_kiwi.HELD)
    assert held_kiwi.begun.acquire(timeout=30)
    other = asking("버킷")
    other.join(30)
    assert not other.is_alive()
    assert held.is_alive()


def test_who_asks_for_an_analyser_that_is_being_made_waits_for_it(held_kiwi: type[HeldKiwi]) -> None:
    askers = [asking(held_kiwi.HELD) for _ in range(4)]
    assert held_kiwi.begun.acquire(timeout=30)
    assert not held_kiwi.begun.acquire(timeout=0.2)  # nobody else makes one meanwhile
    assert all(asker.is_alive() for asker in askers)
    held_kiwi.go_on.set()
    for asker in askers:
        asker.join(30)
        assert not asker.is_alive()
    assert len(held_kiwi.made) == 1
