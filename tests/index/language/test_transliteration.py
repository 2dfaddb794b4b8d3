"""Recognising English words in Hangul spelling."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.transliteration import hangul_skeleton, latin_skeleton, sounds_alike


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("클라우드", "cloud"),
        ("클라우드트레일", "CloudTrail"),
        ("클라우드워치", "CloudWatch"),
        ("쿠버네티스", "kubernetes"),
        ("스냅샷", "snapshot"),
        ("인스턴스", "instance"),
        ("컨테이너", "container"),
        ("엔드포인트", "endpoint"),
        ("로드밸런서", "loadbalancer"),
    ],
)
def test_a_word_and_its_korean_spelling_sound_alike(hangul: str, latin: str) -> None:
    assert sounds_alike(hangul, latin)


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        pytest.param("경로", "general", id="other-word"),
        pytest.param("버킷", "socket", id="rhyme"),
        pytest.param("키", "key", id="too-short-to-tell"),
        pytest.param("정책", "policy", id="meaning-is-not-sound"),
        pytest.param("클라우드", "클라우드", id="not-latin"),
        pytest.param("cloud", "cloud", id="not-hangul"),
        pytest.param("볼륨", "", id="empty"),
    ],
)
def test_words_that_do_not_sound_alike(hangul: str, latin: str) -> None:
    assert not sounds_alike(hangul, latin)


@pytest.mark.parametrize(
    ("hangul", "latin", "skeleton"),
    [("클라우드", "cloud", "KLT"), ("이메일", "email", "-ML"), ("체크", "check", "SK")],
    ids=["consonants", "initial-vowel", "digraphs"],
)
def test_both_spellings_have_the_same_skeleton(hangul: str, latin: str, skeleton: str) -> None:
    assert hangul_skeleton(hangul) == latin_skeleton(latin) == skeleton


@given(st.text(max_size=8))
def test_any_text_has_a_skeleton(text: str) -> None:
    for skeleton in (hangul_skeleton(text), latin_skeleton(text)):
        assert set(skeleton) <= set("KNTLMPSH-")
        assert all(first != second for first, second in pairwise(skeleton))
