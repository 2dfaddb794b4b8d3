"""Telling Korean from English."""

import pytest

from index.language.languages import detect_language, hangul_share, is_hangul


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("CloudTrail 기록은 며칠 보관돼?", "ko", id="mixed-korean"),
        pytest.param("EC2 Auto Scaling이 뭐야?", "ko", id="mostly-latin"),
        pytest.param(
            "What does 자격 증명 mean in this course, and where is it explained?", "en", id="korean-word-quoted"
        ),
        pytest.param("How long are events kept?", "en", id="english"),
        pytest.param("ㅋㅋ", "ko", id="jamo"),
        pytest.param("123?", "en", id="no-letters"),
        pytest.param("", "en", id="empty"),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("character", "expected"), [("가", True), ("ㄱ", True), ("ᄀ", True), ("a", False), ("漢", False)]
)
def test_is_hangul(character: str, expected: bool) -> None:
    assert is_hangul(character) is expected


def test_hangul_share_counts_letters_only() -> None:
    assert hangul_share("가나 ab 12!!") == 0.5
