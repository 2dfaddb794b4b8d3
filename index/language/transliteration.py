"""Recognises an English word in Hangul spelling (클라우드트레일 = CloudTrail) by comparing consonant skeletons.

Korean spells foreign words by sound, and English spelling hides that sound mostly in the vowels. So both are
reduced to the classes of their consonants (k/g/c/q, t/d, p/b/f/v, s/z/j/ch, l/r, m, n), vowels dropped, equal
neighbours merged; two spellings of one word then mostly agree. The rules for English are the regular ones of
Korean loanword orthography (외래어 표기법); no word list is used.
"""

import re

from rapidfuzz import fuzz

_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_TAILS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_LEAD_CLASS = dict(zip(_LEADS, "KKNTTLMPPSS-SSSKTPH", strict=True))
_TAIL_CLASS = dict(zip("ㄱㄲㄴㄷㄹㅁㅂㅅㅆㅇㅈㅊㅋㅌㅍ", "KKNTLMPTTNTTKTP", strict=True))
_SPELLINGS = (
    (re.compile(r"tion|sion|cian"), "SN"),
    (re.compile(r"ture\b"), "S"),
    (re.compile(r"sch"), "SK"),
    (re.compile(r"tch|ch|sh"), "S"),
    (re.compile(r"ph"), "P"),
    (re.compile(r"ck"), "K"),
    (re.compile(r"[td]h"), "T"),
    (re.compile(r"gh(?=t|\b)"), ""),
    (re.compile(r"\bkn"), "N"),
    (re.compile(r"\bwr"), "L"),
    (re.compile(r"[dt]ge\b|dg(?=[eiy])"), "S"),
    (re.compile(r"ng(?=[rl])"), "NK"),
    (re.compile(r"ng(?=[^aeiou]|\b)"), "N"),
    (re.compile(r"x"), "KS"),
    (re.compile(r"qu"), "K"),
    (re.compile(r"c(?=[eiy])"), "S"),
    (re.compile(r"g(?=e\b|ement|ion|ic|y)"), "S"),
    (re.compile(r"r(?=[^aeiouyA-Z]|\b|[KTPSNM])"), ""),
)
_LETTER_CLASS = dict(zip("bcdfghjklmnpqrstvwxyz", "PKTPKHSKLMNPKLSTP-K-S", strict=True))
_LEAD_LETTERS = ["k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", "h"]
_VOWELS = "a e ya ye o e yo ye o wa we we yo u wo we wi yu  i i".split(" ")
_TAIL_LETTERS = dict(zip("ㄱㄴㄹㅁㅂㅅㅇㅋㅌㅍ", "knlmptnktp", strict=True))
_RESPELT = (
    *(("tion", "syon"), ("sch", "sk"), ("ch", "j"), ("sh", "s"), ("ph", "p"), ("ck", "k"), ("ce", "se"), ("ci", "si")),
    *(("c", "k"), ("g", "k"), ("d", "t"), ("b", "p"), ("v", "p"), ("f", "p"), ("r", "l"), ("z", "j"), ("x", "ks")),
    *(("qu", "kw"), ("ea", "i"), ("ee", "i"), ("oo", "u"), ("ou", "au")),
)
MINIMUM_SKELETON = 3
MINIMUM_LIKENESS = 60.0
_LIKENESS = {3: 80.0, 4: 70.0}
_REPEATED = re.compile(r"(.)\1+")


def hangul_skeleton(word: str) -> str:
    """Return the consonant classes of a Hangul word, ``클라우드`` → ``KLT``; an initial vowel is written ``-``."""
    classes: list[str] = []
    for position, syllable in enumerate(word):
        code = ord(syllable) - 0xAC00
        if not 0 <= code < 11172:
            return ""
        lead, tail = _LEAD_CLASS[_LEADS[code // 588]], _TAIL_CLASS.get(_TAILS[code % 28], "")
        classes.append(lead if lead != "-" or position == 0 else "")
        classes.append(tail)
    return _merged("".join(classes))


def latin_skeleton(word: str) -> str:
    """Return the consonant classes of an English word, ``cloud`` → ``KLT``; an initial vowel is written ``-``."""
    spelling = word.lower()
    if not spelling.isascii() or not spelling.isalpha():
        return ""
    initial_vowel = spelling[0] in "aeiouwy"
    for pattern, classes in _SPELLINGS:
        spelling = pattern.sub(classes, spelling)
    skeleton = "".join(letter if letter.isupper() else _LETTER_CLASS.get(letter, "") for letter in spelling)
    return _merged(("-" if initial_vowel else "") + skeleton.replace("-", ""))


def _merged(skeleton: str) -> str:
    """Merge equal neighbours; drop h inside, which Korean spelling often keeps and English often mutes."""
    return _REPEATED.sub(r"\1", skeleton[:1] + skeleton[1:].replace("H", ""))


def sounds_alike(hangul: str, latin: str) -> bool:
    """Return whether ``hangul`` is probably ``latin`` spelt in Korean.

    The skeletons must agree and hold three consonant classes or more, and the letters with the vowels must be alike:
    the more, the shorter the skeleton (경로 is not ``general``).
    """
    skeleton = hangul_skeleton(hangul)
    if len(skeleton) < MINIMUM_SKELETON or skeleton != latin_skeleton(latin):
        return False
    return fuzz.ratio(_romanised(hangul), _respelt(latin)) >= _LIKENESS.get(len(skeleton), MINIMUM_LIKENESS)


def _romanised(hangul: str) -> str:
    """Return Hangul in Latin letters; ㅡ, which loanwords insert between consonants, is left out."""
    letters: list[str] = []
    for syllable in hangul:
        lead, rest = divmod(ord(syllable) - 0xAC00, 588)
        vowel, tail = divmod(rest, 28)
        letters += [_LEAD_LETTERS[lead], _VOWELS[vowel], _TAIL_LETTERS.get(_TAILS[tail], "")]
    return "".join(letters)


def _respelt(latin: str) -> str:
    """Return an English word in the letters that :func:`_romanised` uses."""
    word = latin.lower()
    for spelling, letters in _RESPELT:
        word = word.replace(spelling, letters)
    return word
