"""Reads from its wording whether a question leans on the dialogue, and how; knows neither notes nor history.

White space is folded before any pattern sees a text, so that one space or none is all that a pattern has to allow for:
several free repeats of it in a row cost a power of the text's length.
"""

import re
from dataclasses import dataclass
from enum import Enum

from index.language.languages import ENGLISH, KOREAN


class Leaning(str, Enum):
    """How a question leans on what was said before.

    ``ELLIPTIC``: it names a thing and leaves the rest out (그럼 S3는?). ``PRONOUN``: it points (그건, it).
    ``CONNECTED``: it goes on (그럼 …, and …) but may stand alone. The others ask for more of the same answer.
    """

    NONE = "none"
    ELLIPTIC = "elliptic"
    PRONOUN = "pronoun"
    CONNECTED = "connected"
    ORDINAL = "ordinal"
    MORE = "more"
    SIMPLER = "simpler"
    WHY = "why"
    EXAMPLE = "example"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was read: ``rest`` is the question without connectives, pronouns and ordinals.

    ``ordinal`` counts from 1, -1 is the last; ``language`` is one asked for by name (in English, 한국어로).
    """

    leaning: Leaning
    rest: str
    ordinal: int = 0
    language: str = ""


_CONNECTIVE = re.compile(
    r"^(아\s|오\s|네\s|ok(ay)?[,\s]+|oh[,\s]+|so[,\s]+)?"
    r"(그럼은?|그러면|그리고|그렇다면|그런데|근데|그래서|또|혹시|그러니까"
    r"|and what about|and how about|what about|how about|and then|and|then|but|also|or)\b[,\s]*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"(?<![가-힣])(그|이|저)(것들?|거|건|게|걸|서비스|기능|방식|경우|중|때|명령어?|파일|도구|방법)"
    r"(은|는|이|가|을|를|도|에서?|의|로|으로)?(?![가-힣])"
    r"|(?<![가-힣])(거기|여기)(에서?|서|에는|는)?(?![가-힣])|(?<![가-힣])걔(네|는|가)?"
    r"|\b(it|its|it's|they|them|their|that|those|these|this one|that one|the same)\b",
    re.IGNORECASE,
)
_KOREAN_ORDINALS = {"첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "마지막": -1}
_ENGLISH_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}
_ORDINAL = re.compile(
    r"(?P<ko>첫|두|세|네|다섯|여섯)\s?번째\s?(거|것|게|건|항목)?|(?P<last>마지막)\s?(거|것|게|건|항목|번째)?"
    r"|(?<![가-힣\d])(?P<no>\d{1,2})\s?번(째)?(?![가-힣]*\s?모듈)\s?(거|것|항목)?(?!\s?(모듈|포트))"
    r"|\b(the )?(?P<en>first|second|third|fourth|fifth|sixth|last)( (one|item|point|thing))?\b"
    r"|\b(number|item|point) (?P<nth>\d{1,2})\b",
    re.IGNORECASE,
)
_CONTEXT_OF_ITS_OWN = re.compile(r"모듈|단계|순위|\bmodule|\bstep|\bpriority", re.IGNORECASE)
_ORDINAL_FILLER = re.compile(
    r"(에\s?대해서?|좀|더|자세히|다시)?\s?(설명|알려|말)\s?(해\s?)?(줘|주세요|주실래요)?"
    r"|\b(can you |could you |please |now ){0,4}"
    r"(explain|tell me( more)? about|describe|what about|what is|elaborate on)\b"
    r"|\bplease\b",
    re.IGNORECASE,
)
_ALONE = (
    r"^(아\s|그럼\s|근데\s|그런데\s|and |but |ok(ay)?,? |so )?((can|could|would|will) you |please,? )*"
    r"({})[,\s]*(please)?\s?[?？!.~…ㅠㅎㅋ]*$"
)
_BARE: tuple[tuple[Leaning, re.Pattern[str]], ...] = tuple(
    (leaning, re.compile(_ALONE.format(pattern), re.IGNORECASE))
    for leaning, pattern in (
        (
            Leaning.WHY,
            r"왜(요|죠|지|그래요?|그런가요|그런 거야|그런 거예요|그렇죠)?|이유(는|가|는요|가 뭐야"
            r"|가 뭐예요|가 뭔가요)?|어째서요?"
            r"|why( (is|does) (that|it))?( so| not)?|how come|what('s| is) the reason( for (that|it))?",
        ),
        (
            Leaning.EXAMPLE,
            r"예(를|시를)?\s?(들면|들자면|들어\s?(줘|주세요|볼래요?))(요)?|예시(는|가)?(요| 있어요?"
            r"| 있나요| 좀)?|예는요?"
            r"|for example|for instance|(give|show) (me )?(an?|some) examples?|(any|an|some) examples?",
        ),
        (
            Leaning.SIMPLER,
            r"(더|좀|조금)?\s?(더\s?)?(쉽게|간단히|간단하게|짧게|짧게요|쉽게요|요약)\s?(좀\s?)?"
            r"(설명|말|알려|정리|요약)?\s?(좀\s?)?(해\s?)?(줘|줘요|주세요|줄래요?)?"
            r"|(explain|say|put|summari[sz]e)?\s?(it|that|this)?\s?(to me )?"
            r"(((in|with) )?(more |a )?(simpler|simply|simple|shorter|briefly|easier)( words| terms| way)?|in short)"
            r"|(summari[sz]e|simplify)( it| that| this)?",
        ),
        (
            Leaning.MORE,
            r"((좀\s?)?(더|조금\s?더|좀\s?더)(\s?(자세히|자세하게|상세히|구체적으로))?|자세히"
            r"|자세하게|상세히|구체적으로)"
            r"\s?(좀\s?)?(설명|말|알려)?\s?(해\s?)?(줘|줘요|주세요|줄래요?)?"
            r"|또\s?(있어|있나|있어요|있나요|뭐 ?있어(요)?)|그리고(요|는요)?|계속(해\s?줘|요)?"
            r"|(give me |tell me |explain (it |that )?|some |a bit |show me )*more( details?| about (it|that)"
            r"| information)?"
            r"|go on|continue|((explain|tell|describe)( me)?( it| that| this)? )?in (more |greater )?detail"
            r"|elaborate( on (it|that))?|anything else|what else",
        ),
    )
)
_LANGUAGE = (
    (KOREAN, re.compile(r"한국(어|말)로|한글로|\bin korean\b", re.IGNORECASE)),
    (ENGLISH, re.compile(r"영어로|\bin english\b", re.IGNORECASE)),
)
_LANGUAGE_FILLER = re.compile(
    r"다시|같은 (내용|답)(을|도)?|설명|알려|말|답(변)?|해\s?(줘|주세요|줄래요?)|줘|주세요|부탁(해|드려)요?|좀|으?로"
    r"|\b(please|can you|could you|say|answer|repeat|explain|that|it|this|again|same|the|tell me|now|and|me)\b|\W",
    re.IGNORECASE,
)
_KOREAN_PREDICATE = re.compile(
    r"뭐|뭘|뭔|무엇|무슨|어떤|어떻게|왜|언제|어디|누가|누구|몇|얼마|어느|며칠|알려|설명"
    r"|(나요|까요?|인가요?|하죠|돼요?|되나|해요?|있어요?|있나|없어요?|야|예요|이에요|니|냐)\s?[?？!.~]*$"
)
_ENGLISH_ELLIPSIS = re.compile(
    r"^((in|for|with|on|of|from|to|by|using|the|a|an|about|case|its|their|my)\s)*"
    r"[\w./:+-]+(\s[\w./:+-]+){0,2}(\s?[?!][?!.]*|\s\.[?!.]*)?$"  # a dot right after a word is the word's
)
_ENGLISH_PREDICATE = re.compile(
    r"\b(what|how|which|who|where|when|why|is|are|was|do|does|did|can|could|should|must|will|would|may|have|has"
    r"|explain|tell|list|show|give|compare)\b",
    re.IGNORECASE,
)
_HANGUL = re.compile(r"[가-힣]")
_STRAY_PARTICLE = re.compile(r"(은|는|이|가|을|를|도|의|에|요|은요|는요)?[?？!.,]*")
_LEAVES_OUT = re.compile(r"(은|는|도)(요)?\s?[?？]|경우|[가-힣A-Za-z0-9]요?\s?[?？]$")
_ENGLISH_MARK = re.compile(r"(for|in|with|on|of|from|using)\b", re.IGNORECASE)
_MOST_ELLIPTIC_WORDS = 4


def read_follow_up(question: str) -> FollowUp:
    """Return how ``question`` leans on a dialogue; whether there is one is for the caller to know."""
    question = _folded(question)
    for language, pattern in _LANGUAGE:
        if pattern.search(question) and not _LANGUAGE_FILLER.sub("", pattern.sub(" ", question)):
            return FollowUp(Leaning.REPEAT, "", language=language)
    bare = next((leaning for leaning, pattern in _BARE if pattern.match(question)), None)
    return FollowUp(bare, "") if bare else _read_wording(question)


def _read_wording(question: str) -> FollowUp:
    """Return how a question with words of its own leans on a dialogue."""
    match = _ORDINAL.search(question)
    if match and not _CONTEXT_OF_ITS_OWN.search(question):
        without = _folded(question[: match.start()] + " " + question[match.end() :])
        rest = _ORDINAL_FILLER.sub(" ", _CONNECTIVE.sub("", without))
        return FollowUp(Leaning.ORDINAL, _without_stray_particles(rest), ordinal=_ordinal(match))
    connected = _CONNECTIVE.match(question)
    rest = question[connected.end() :].strip() if connected else question.strip()
    if not rest:
        return FollowUp(Leaning.MORE, "")
    if _is_elliptic(rest, bool(connected)):
        return FollowUp(Leaning.ELLIPTIC, rest)
    if _PRONOUN.search(rest):
        return FollowUp(Leaning.PRONOUN, _without_stray_particles(_PRONOUN.sub(" ", rest)))
    return FollowUp(Leaning.CONNECTED if connected else Leaning.NONE, rest)


def _ordinal(match: re.Match[str]) -> int:
    if match["ko"] or match["last"]:
        return _KOREAN_ORDINALS[match["ko"] or match["last"]]
    if match["en"]:
        return _ENGLISH_ORDINALS[match["en"].lower()]
    return int(match["no"] or match["nth"])


def _folded(text: str) -> str:
    return " ".join(text.split())


def _without_stray_particles(text: str) -> str:
    """Return ``text`` without particles that stand alone once the word before them is taken out."""
    return " ".join(word for word in text.split() if not _STRAY_PARTICLE.fullmatch(word))


def _is_elliptic(rest: str, is_connected: bool) -> bool:
    words = rest.split()
    if len(words) > _MOST_ELLIPTIC_WORDS:
        return False
    if _HANGUL.search(rest):
        return (is_connected or bool(_LEAVES_OUT.search(rest))) and not _KOREAN_PREDICATE.search(rest)
    marked = is_connected or bool(_ENGLISH_MARK.match(rest))
    return marked and bool(_ENGLISH_ELLIPSIS.match(rest)) and not _ENGLISH_PREDICATE.search(rest)
