"""Raised and lowered letters, ``x<sup>2</sup>`` and ``H<sub>2</sub>O``, in characters of their own where there are."""

_DIGITS = "0123456789+-=()"
_RAISED = str.maketrans(f"{_DIGITS}ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻")
_LOWERED = str.maketrans(f"{_DIGITS}−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")
#: Endings and signs that are raised for their looks.
_ORNAMENTS = frozenset("st nd rd th er ème tm sm © ® ™ *".split())


def raised(text: str) -> str:
    """Return ``text`` as it stands above the line: ``²``, else ``^max`` or ``^(a, b)``, which can be searched for."""
    if text.lower() in _ORNAMENTS:
        return text
    return _moved(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Return ``text`` as it stands below the line: ``₂``, else ``_max`` or ``_(a, b)``."""
    return _moved(text, _LOWERED, "_")


def _moved(text: str, letters: dict[int, int], mark: str) -> str:
    if text and all(ord(letter) in letters for letter in text):
        return text.translate(letters)
    if not text or not text.isprintable() or text[0] in "[!*_~`":
        return text
    return f"{mark}{text}" if text.isalnum() else f"{mark}({text})"
