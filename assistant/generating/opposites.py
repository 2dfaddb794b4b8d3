"""What turns a sentence into its opposite, in Korean and English: words that deny, and a table of opposite words."""

import re

_NEGATION = re.compile(
    r"\b(?:not(?! only)|never|no|none|cannot|without|nor|unable|impossible|avoid|prevents?|forbidden|denie[sd]|deny)\b"
    r"|n['’]t\b|않|못[하해한할합]|못 |없(?!애)|(?<!뿐만 )(?<!뿐 )아니|아닙|(?<![가-힣])안 [가-힣]|불가|금지"
    r"|마세요|말아야|말고|지 말|거부|차단",
    re.IGNORECASE,
)
#: At most against at least, before against after …; each row has two sides, in whatever language they stand.
_TABLE = (
    (r"\bat least|\bminimum|\bno (?:less|fewer) than|최소|적어도|이상",
     r"\bat most|\bmaximum|\bup to|\bno more than|\bno longer than|최대|이하|이내|까지"),
    (r"\bmore than|초과", r"\b(?:less|fewer) than|미만"),
    (r"\bbefore|\bprior to|전에|이전에", r"\bafter|후에|이후에|뒤에|다음에"),
    (r"\bpublic|(?<!비)공개", r"\bprivate|비공개"),
    (r"\benabled?|\b(?:turn|switch)\w* on|켜|켠|(?<!비)활성", r"\bdisabled?|\b(?:turn|switch)\w* off|꺼|끄|비활성"),
    (r"\bcheap\w*|\bless expensive|저렴|(?<![가-힣])싸|(?<![가-힣])쌉", r"\bmore expensive|\bdear\w*|비싸|비쌉|비쌈"),
    (r"\bincreas\w+|증가|늘[어리립린]", r"\bdecreas\w+|\breduc\w+|감소|줄[어이입인]"),
    (r"\blarg\w+|\bbig\w*|\bhigh\w*|더 크|더 큰|더 큽|높", r"\bsmall\w*|\blow\w*|더 작|낮"),
    (r"\bfast\w*|빠르|빠른|빠릅|빨라", r"\bslow\w*|느리|느린|느립|느려"),
    (r"\bsynchronous\w*|(?<!비)동기", r"\basynchronous\w*|비동기"),
    (r"\bencrypt\w*|암호화", r"\bdecrypt\w*|복호화"),
    (r"\brequired|\bmandatory|필수", r"\boptional\w*|선택 사항|선택적"),
    (r"\bautomatic\w*|자동", r"\bmanual\w*|수동"),
    (r"\btempora\w+|임시|일시", r"\bpermanent\w*|영구"),
    (r"\bhorizontal\w*|수평", r"\bvertical\w*|수직"),
    (r"\bunmanaged|비관리형", r"\bmanaged|(?<!비)관리형"),
    (r"\bupload\w*|업로드", r"\bdownload\w*|다운로드"),
    (r"\binbound|인바운드", r"\boutbound|아웃바운드"),
    (r"\balways|항상|언제나", r"\bsometimes|가끔|때때로"),
    (r"\bfirst\b|첫|처음", r"\blast\b|마지막"),
    (r"\bcreat\w+|생성", r"\bdelet\w+|삭제"),
    (r"\bstart\w*|시작", r"\bstop\w*|중지|정지"),
    (r"\bsucceed\w*|\bsuccess\w*|성공", r"\bfail\w*|실패"),
    (r"\bdirectly\b|(?<!간)직접", r"\bindirectly|간접"),
)  # fmt: skip
_SIDES = tuple((re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for one, other in _TABLE)


def denies(text: str) -> bool:
    """Return whether ``text`` says that something is not so, or must not be."""
    return _NEGATION.search(text) is not None


def are_opposed(said: str, line: str) -> bool:
    """Return whether ``said`` takes only one side of a row and ``line`` only the other."""
    for one, other in _SIDES:
        said_sides = bool(one.search(said)), bool(other.search(said))
        line_sides = bool(one.search(line)), bool(other.search(line))
        if sum(said_sides) == sum(line_sides) == 1 and said_sides != line_sides:
            return True
    return False
