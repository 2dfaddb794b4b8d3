"""Greek letters and their names: α is alpha, as formulas write it."""

import re
import unicodedata

_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
    phi chi psi omega""".split()
#: A letter by itself; several in a row are Greek.
GREEK_LETTER = re.compile(r"(?<![α-ωΑ-Ω])[α-ωΑ-Ω](?![α-ωΑ-Ω])")


def greek_name(letter: str) -> str:
    """Return the English name of a Greek letter, in lower case."""
    return unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")


def greek_letter(name: str) -> str | None:
    """Return the letter that TeX calls ``name``, a capital where the name begins with one; None for another name."""
    if name.lower() not in _NAMES or not name[1:].islower():
        return None
    case = "SMALL" if name.islower() else "CAPITAL"
    return unicodedata.lookup(f"GREEK {case} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")
