"""Understands what a student wants of a quiz in words: to begin one on a topic, to skip, to be told, harder, easier.

White space is folded before any pattern sees a text: several free repeats of it cost a power of the text's length.
"""

import re
from enum import Enum


class Command(str, Enum):
    """What a student can ask for in the middle of a quiz."""

    HINT = "hint"
    SKIP = "skip"
    TELL = "tell"
    ANOTHER = "another"
    HARDER = "harder"
    EASIER = "easier"
    COUNT = "count"
    STOP = "stop"


_POLITE = (
    r"(?:\s?(?:줘|주세요|줄래요?|해\s?줘|내\s?줘|해\s?주세요|내\s?주세요|할래요?|할게요?|요|please|pls|하자|해요|부탁해요?|"
    r"부탁드려요)){0,4}[.!?~]*"  # not without end: 줄래요 is read in two ways, 20 of them in a million
)
_COMMANDS = {
    Command.HINT: r"(?:힌트|단서)(?:\s?좀)?|(?:a\s)?hint|give me a hint",
    Command.SKIP: (
        r"건너\s?뛰(?:기|어|자)?|스킵|패스|넘(?:어가|기)(?:자|기)?|다음(?:\s?문제)?(?:로)?|"
        r"skip(?: it| this)?|pass|next(?: question)?"
    ),
    Command.TELL: (
        r"(?:그냥\s?)?(?:정답|답)(?:을|만|이)?\s?(?:좀\s?)?(?:알려|말해|뭐(?:야|예요|죠)?|보여|보기)?|"
        r"그냥\s?(?:알려|말해|설명해)|모르겠(?:어|어요|습니다|다)|모름|몰라요?|포기(?:할래|해)?|"
        r"just tell me|tell me(?: the answer)?|show(?: me)? the answer|i don'?t know|no idea|idk|give up"
    ),
    Command.ANOTHER: (
        r"(?:다른|딴)\s?(?:문제|거|것)(?:로|를)?(?:\s?(?:내|바꿔))?|another(?: one| question)?|a different one"
    ),
    Command.HARDER: (
        r"(?:좀\s?)?(?:더\s?)?어려운\s?(?:거|것|문제)(?:로|를)?(?:\s?내)?|(?:좀\s?)?더\s?어렵게|"
        r"난이도\s?(?:올려|높여)|harder(?: one)?|more difficult"
    ),
    Command.EASIER: (
        r"(?:좀\s?)?(?:더\s?)?쉬운\s?(?:거|것|문제)(?:로|를)?(?:\s?내)?|(?:좀\s?)?더\s?쉽게|"
        r"난이도\s?(?:내려|낮춰)|easier(?: one)?|less difficult"
    ),
    Command.COUNT: (
        r"맞은\s?(?:걸|것으)로(?:\s?(?:해|세))?|맞게\s?(?:쓴|답한)\s?거(?:야|예요)|"
        r"같은\s?(?:뜻|말)이?(?:야|에요|예요|잖아요?)|"
        r"count (?:it|that)(?: as)?(?: right| correct)?|i was right|same (?:thing|meaning)"
    ),
    Command.STOP: (
        r"(?:퀴즈\s?)?(?:그만|종료|끝(?:내기?)?|중단)(?:할래|하자|해|두자|둘래)?|"
        r"stop(?: the quiz)?|quit|end(?: the)?(?: quiz)?|exit"
    ),
}
_PATTERNS = {command: re.compile(rf"(?:{pattern}){_POLITE}", re.IGNORECASE) for command, pattern in _COMMANDS.items()}

_ABOUT = r"(?:에\s?(?:대해서?|관해서?|관한|대한))?"
_TOPIC = r"(?P<topic>.(?:.*[^.!?])?)"  # up to the marks at the end
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^퀴즈로\s(?P<topic>.+?){_ABOUT}(?:을|를|은|는)?\s?(?:좀\s?)?(?:설명|알려|가르쳐).*$",
        rf"^(?P<topic>.+?){_ABOUT}(?:을|를|은|는|로|으로|의)?\s?(?:가지고\s?)?퀴즈(?:로|를|처럼)?\s?"
        r"(?:(?:좀\s?)?(?:설명|내|만들|풀|알려|가르쳐|시작|보|해).*)?$",
        rf"^(?P<topic>.+?){_ABOUT}(?:을|를)?\s?(?:문제|테스트)\s?(?:좀\s?)?(?:내|만들어).*$",
        rf"^(?:please\s)?(?:quiz|test)\sme\s(?:on|about)\s{_TOPIC}[.!?]*$",
        rf"^(?:can|could|would) you (?:please )?(?:quiz|test) me (?:on|about)\s{_TOPIC}[.!?]*$",
        r"^(?:explain|teach(?: me)?)\s(?P<topic>.+?)\s(?:like|as|with|through)\sa\squiz[.!?]*$",
        rf"^(?:give me |make |start |i want |let'?s (?:do|try) )?(?:a\s)?quiz\s(?:on|about)\s{_TOPIC}[.!?]*$",
    )
)
_BARE = re.compile(
    r"^(?:퀴즈(?:를|로)?(?:\s?(?:좀\s?)?(?:내|풀|시작|하|해|보|설명해|설명하).{0,8})?|문제\s?(?:좀\s?)?내.{0,6}|"
    r"(?:please\s)?(?:quiz|test)\sme|(?:start |give me )?a quiz)[.!?~]*$",
    re.IGNORECASE,
)


def command_of(text: str) -> Command | None:
    """Return the command that the whole of ``text`` is, None where it is an answer."""
    flat = _folded(text)
    return next((command for command, pattern in _PATTERNS.items() if pattern.fullmatch(flat)), None)


def quiz_topic(text: str) -> str | None:
    """Return the topic of a request for a quiz, ``""`` where it names none, None where ``text`` is no such request."""
    flat = _folded(text)
    if _BARE.match(flat):
        return ""
    for pattern in _ASKS:
        match = pattern.match(flat)
        if match and match["topic"].strip():
            return match["topic"].strip(" '\"‘’“”")
    return None


def _folded(text: str) -> str:
    return " ".join(text.split())
