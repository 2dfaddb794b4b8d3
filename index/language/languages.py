"""Tells Korean from English text by its script; knows no other language."""

KOREAN = "ko"
ENGLISH = "en"
LANGUAGES = (KOREAN, ENGLISH)


def is_hangul(character: str) -> bool:
    """Return whether ``character`` is a Hangul syllable or jamo."""
    return "가" <= character <= "힣" or "ㄱ" <= character <= "ㆎ" or "ᄀ" <= character <= "ᇿ"


def hangul_share(text: str) -> float:
    """Return the share of Hangul among the letters of ``text``, 0 where it has no letter."""
    letters = [character for character in text if character.isalpha()]
    return sum(map(is_hangul, letters)) / len(letters) if letters else 0.0


def detect_language(text: str, threshold: float = 0.15) -> str:
    """Return ``ko`` or ``en``.

    A Korean sentence about technology is often mostly Latin letters (``EC2 Auto Scaling이 뭐야?``), so a small share
    of Hangul decides: by default 15%.
    """
    return KOREAN if hangul_share(text) >= threshold else ENGLISH
