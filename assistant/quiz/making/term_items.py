"""Items on the terms of a statement: which term fills the blank, typed or chosen, and is the statement true."""

import re
from collections.abc import Iterator

from assistant.quiz.making.facts import Facts, Statement
from assistant.quiz.making.item_parts import Question, Spot, draft, remarks_on, said
from assistant.quiz.making.item_phrases import phrase
from assistant.quiz.making.lexicon import Mention
from assistant.quiz.making.sentence_edits import blank_out, exchange
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.records import Item, ItemKind, Structure
from index.language.languages import KOREAN

_POLARITY = {
    "ko": (
        ("해서는 안 됩니다", "해도 됩니다"),
        ("해서는 안 된다", "해도 된다"),
        ("필요가 없습니다", "필요가 있습니다"),
        ("필요가 없다", "필요가 있다"),
        ("할 수 있습니다", "할 수 없습니다"),
        ("할 수 없습니다", "할 수 있습니다"),
        ("할 수 있다", "할 수 없다"),
        ("할 수 없다", "할 수 있다"),
        ("해야 합니다", "하지 않아도 됩니다"),
        ("해야 한다", "하지 않아도 된다"),
        ("이어야 합니다", "이 아니어도 됩니다"),
    ),
    "en": (
        (" must not ", " may "),
        (" does not need to ", " needs to "),
        (" do not need to ", " need to "),
        (" cannot be ", " can be "),
        (" can be ", " cannot be "),
        (" cannot ", " can "),
        (" must be ", " need not be "),
        (" must ", " need not "),
    ),
}
_ONLY = {"ko": re.compile(r"만\s|뿐|아니|않"), "en": re.compile(r"\b(?:only|not only|either|but)\b", re.IGNORECASE)}
_RELATIVE = re.compile(
    (r"\b(?:that|which|who|if|when|because|where)\b"), re.IGNORECASE
)  # then another clause is changed
_NEGATIVE = re.compile(r"않|없|아니|못|\b(?:not|no|never|without|cannot)\b|n't", re.IGNORECASE)
_SEVERAL_CLAUSES = re.compile(
    r"등이 |때문에|려면 |하고 |이며|하며|므로|지만|(?m:^[^,\n]*,.*며 )|\band others\b|\bsuch as\b|\betc\b"
)  # a negation would hit one half
_CLAUSE_BEFORE = re.compile(r"[가-힣]고, |하고 |이며 |하며 ")  # then only one half would be changed
_ENUMERATES = re.compile(
    r"등(?:이|을|의|은|에|으로|도)?\s|\band others\b|\bsuch as\b|\betc\b|\band so on\b|\be\.g\.", re.I
)
_JOINED = re.compile(r",|\s?(?:및|and|or)\s|(?:와|과|이?나)\s")
_SAYS_OF_SOMETHING = re.compile(r"(?:[은는이가도면]|때문에|[가-힣]면서)\s")
_ORDERS = re.compile(
    r"^(?:Use|Create|Install|Check|Set|Add|Configure|Obtain|Avoid|Save|Retry|Keep|Make|Run|Choose|Enable|Do)\s"
)
_NEGATIONS = {
    "ko": (
        (re.compile(r"(?<=[가-힣])합니다\.$"), "하지 않습니다."),
        (re.compile(r"(?<=[가-힣])됩니다\.$"), "되지 않습니다."),
        (re.compile(r"(?<= )있습니다\.$"), "없습니다."),
        (re.compile(r"(?<=[가-힣])한다\.$"), "하지 않는다."),
        (re.compile(r"(?<=[가-힣])된다\.$"), "되지 않는다."),
        (re.compile(r"(?<= )있다\.$"), "없다."),
    ),
    "en": (
        (re.compile(r"(?<=[\w)]) (is|are) (?=\w)"), r" \1 not "),
        (re.compile(r"(?<=\w) has (?=\w)"), " does not have "),
        (re.compile(r"(?<=\w) includes? (?=\w)"), " do not include "),
    ),
}
_TOPIC = {
    "ko": re.compile(r"^(?:은|는|이란|란)\s"),
    "en": re.compile(
        r"^\s(?:is|are|can|manages?|abstracts?|lets?|runs?|provides?|stores?|records?|represents?|defines?)\s"
    ),
}
_GENERIC_WORDS = """
애플리케이션 데이터베이스 사용자 리소스 계정 로그인 실습 오류 예외 권한 스토리지 이벤트 로그 API 정책 태그
리전 콘솔 객체 작업 그룹 아키텍처 architecture
application user users resources resource account accounts lab error errors
permissions permission storage policy policies tags Region console objects object task tasks logs log events
event login uses scaling cost users' group groups AWS
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_OPEN = {
    "ko": re.compile(r"수 있|가능|도 |비해|보다|여러|기능이 있"),
    "en": re.compile(r"\b(?:can|may|also|than|compared|several|supports?|there is a|lets?|possible)\b", re.IGNORECASE),
}
_SHARED = {  # what is needed to do it, or without a limit, may be so of others that the notes do not mention there
    "ko": re.compile(r"려면 |무제한"),
    "en": re.compile(r"^To |\bunlimited\b", re.IGNORECASE),
}
_QUANTITY = re.compile(
    r"(?<![\w.:/-])([1-9]\d{0,3})(?=\s?(?:TB|GB|MB|%|일|초|분|시간|개월|days?|hours?|minutes?|seconds?)(?![A-Za-z]))"
)
_VERBAL = re.compile(r"^(?:하|되|할|한|합|해|된|될|됩)")
_MOST_OPTIONS = 4
_FALSE_SHARE = 0.75
_TRUE_SHARE = 0.25
_FEW = 3
_SHORT_ADVICE = 8


def term_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield items that ask for a term of a statement: chosen where parallel terms are certainly wrong, and typed."""
    for statement in facts.statements:
        if not _can_be_judged(statement) and len(statement.text.split()) < _SHORT_ADVICE:
            continue  # a piece of advice tells too little of its blank
        askable = _askable(source, statement)
        chosen: Mention | None = None
        for mention in askable:
            item = _choice(source, facts, statement, mention)
            if item:
                chosen = mention
                yield item
                break
        typed = [mention for mention in askable if mention is not chosen and _typable(source, statement, mention)]
        for mention in typed[-1:]:
            yield _cloze(source, facts, statement, mention)


def _askable(source: QuizSource, statement: Statement) -> list[Mention]:
    """Return the mentions that can be left blank: each entry once, no part of a longer name."""
    mentions = source.mentions(statement)
    found: list[Mention] = []
    compound: set[int] = set()
    for number, mention in enumerate(mentions):
        following = mentions[number + 1] if number + 1 < len(mentions) else None
        if following and statement.text[mention.end : following.start] == " ":
            groups = {source.lexicon.entries[entry].group for entry in (mention.entry, following.entry)}
            if len(groups) == 1:
                compound |= {mention.entry, following.entry}
                continue
        if _ENUMERATES.search(statement.text) and (number or _JOINED.match(statement.text[mention.end :])):
            continue  # what is named as an example has others beside it
        if mention.entry >= source.curated and not _is_topic(source, statement, mention):
            continue
        if mention.entry not in {other.entry for other in found}:
            found.append(mention)
    return [mention for mention in found if mention.entry not in compound]


def _is_topic(source: QuizSource, statement: Statement, mention: Mention) -> bool:
    """Return whether the statement is about the term and stands under a heading that names it."""
    after = statement.text[mention.end :]
    heads = {source.lexicon.number_of(step.strip(" `")) for step in statement.section.heading_path[-2:]}
    return mention.start == 0 and bool(_TOPIC[statement.language].match(after)) and mention.entry in heads


def _typable(source: QuizSource, statement: Statement, mention: Mention) -> bool:
    word = statement.text[mention.start : mention.end]
    verb = _is_verb(source, statement, mention)
    open_to_others = bool(_OPEN[statement.language].search(statement.text) and source.lexicon.siblings(mention.entry))
    return mention.entry < source.curated and word not in _GENERIC and len(word) > 1 and not open_to_others and not verb


def _is_verb(source: QuizSource, statement: Statement, mention: Mention) -> bool:
    """Return whether a mention is bent into a verb (위임할, encrypted), which other words could replace."""
    if statement.language == KOREAN:
        return bool(_VERBAL.match(statement.text[mention.end :]))
    noun = (source.lexicon.entries[mention.entry].english or ("",))[0].casefold()
    return not statement.text[mention.start : mention.end].casefold().startswith(noun[: max(3, len(noun) - 2)])


def wrong_terms(source: QuizSource, statement: Statement, mention: Mention) -> list[tuple[int, str]]:
    """Return (entry, form) of the parallel terms of which the statement is certainly wrong.

    What a thing *can* do, others may as well: such a statement is wrong only of terms that its own section sets
    against each other.
    """
    word = statement.text[mention.start : mention.end]
    siblings = source.lexicon.siblings(mention.entry)
    if any(pattern[statement.language].search(statement.text) for pattern in (_OPEN, _SHARED)):
        siblings = [other for other in siblings if other in source.contrasted(statement.section)]
    if _VERBAL.match(statement.text[mention.end :]):
        return []
    return [
        (other, form)
        for other in siblings
        if (form := source.lexicon.display(other, statement.language, word))
        and not source.may_hold(statement, mention.entry, other)
    ]


def _with_blanks(source: QuizSource, statement: Statement, number: int) -> str:
    """Return the statement with every mention of an entry left blank."""
    text = statement.text
    for mention in reversed(source.lexicon.find(text)):
        if mention.entry == number:
            text = blank_out(text, mention.start, mention.end)
    return text


def _spot(facts: Facts, statement: Statement) -> Spot:
    return Spot(facts, statement.key, statement.first_line, statement.last_line, said(facts, statement.text))


def _choice(source: QuizSource, facts: Facts, statement: Statement, mention: Mention) -> Item | None:
    wrong = wrong_terms(source, statement, mention)
    if len(wrong) < 2 or _is_verb(source, statement, mention):
        return None
    count = min(_MOST_OPTIONS - 1, len(wrong))
    picked = seeded(statement.key, mention.entry).sample(wrong, count)
    word = statement.text[mention.start : mention.end]
    capital = mention.start == 0 and word[:1].isupper()
    forms = [form[:1].upper() + form[1:] if capital else form for _, form in picked]
    question = Question(
        kind=ItemKind.CHOICE,
        structure=Structure.TERM,
        stem=phrase("term", statement.language, sentence=_with_blanks(source, statement, mention.entry)),
        answer=word,
        tag=str(mention.entry),
        difficulty=2,
        options=(word, *forms),
    )
    return draft(source, _spot(facts, statement), question)


def _cloze(source: QuizSource, facts: Facts, statement: Statement, mention: Mention) -> Item:
    word = statement.text[mention.start : mention.end]
    question = Question(
        kind=ItemKind.CLOZE,
        structure=Structure.TERM,
        stem=phrase("cloze", statement.language, sentence=_with_blanks(source, statement, mention.entry)),
        answer=word,
        tag=str(mention.entry),
        difficulty=3,
        accepted=source.lexicon.synonyms(word),
    )
    return draft(source, _spot(facts, statement), question)


def truth_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield one true-or-false item a statement; about half of those that can be made false are."""
    for statement in facts.statements:
        if not statement.whole or not _can_be_judged(statement):
            continue
        spot = _spot(facts, statement)
        false = _made_false(source, statement, remarked=bool(remarks_on(facts, spot)))
        if false and seeded("truth", statement.key).random() < _FALSE_SHARE:
            stem = phrase("truth", statement.language, sentence=false)
            yield truth_item(source, spot, stem, holds=False, evidence=statement.text)
        elif false or _worth_confirming(facts, statement):
            stem = phrase("truth", statement.language, sentence=statement.text)
            yield truth_item(source, spot, stem, holds=True, evidence=statement.text)


def truth_item(source: QuizSource, spot: Spot, stem: str, *, holds: bool, evidence: str) -> Item:
    """Return the true-or-false item with this stem; ``evidence`` is how the notes say it."""
    language = spot.language
    question = Question(
        kind=ItemKind.TRUE_FALSE,
        structure=Structure.TRUTH,
        stem=stem,
        answer=phrase("true" if holds else "false", language),
        tag="t",
        difficulty=1,
        options=(phrase("true", language), phrase("false", language)),
        evidence=(evidence,),
        shuffled=False,
    )
    return draft(source, spot, question)


def _can_be_judged(statement: Statement) -> bool:
    """Return whether a statement says something of something: a mere piece of advice is neither true nor false."""
    if statement.language == KOREAN:
        return bool(_SAYS_OF_SOMETHING.search(statement.text))
    return not _ORDERS.match(statement.text)


def _worth_confirming(facts: Facts, statement: Statement) -> bool:
    """Return whether to ask for a statement that cannot be made false: some of them, and all where there are few."""
    if len(statement.text.split()) < 4:
        return False
    return len(facts.statements) <= _FEW or seeded("confirm", statement.key).random() < _TRUE_SHARE


def _made_false(source: QuizSource, statement: Statement, *, remarked: bool) -> str:
    """Return the statement with one minimal change that makes it certainly wrong, empty where there is none."""
    section = statement.section
    told = source.quote(section, section.first_line, section.last_line)
    changes = [*_flipped(statement), *_exchanged(source, statement)]
    if not remarked:  # an editor's note may well name another number
        changes += _misnumbered(statement, told)
    changes = changes or [*_negated(statement)]
    return seeded("change", statement.key).choice(changes) if changes else ""


def _flipped(statement: Statement) -> Iterator[str]:
    if _ONLY[statement.language].search(statement.text):
        return
    for before, after in _POLARITY[statement.language]:
        head, _, tail = statement.text.partition(before)
        if statement.text.count(before) != 1 or _RELATIVE.search(head):
            continue
        if _CLAUSE_BEFORE.search(head):
            return
        if not _NEGATIVE.search(f"{head} {tail}"):  # two negations in one sentence are a riddle
            obliged = head.replace("반드시 ", "") if "않아도" in after else head
            yield f"{obliged}{after}{tail}"
        return


def _negated(statement: Statement) -> Iterator[str]:
    unfit = (_ONLY[statement.language], _NEGATIVE, _SEVERAL_CLAUSES, _CLAUSE_BEFORE)
    if any(pattern.search(statement.text) for pattern in unfit):
        return
    for pattern, negated in _NEGATIONS[statement.language]:
        match = pattern.search(statement.text)
        if match and not _RELATIVE.search(statement.text[: match.start()]):
            yield pattern.sub(negated, statement.text, count=1)
            return


def _misnumbered(statement: Statement, told: str) -> Iterator[str]:
    """Yield the statement with another number, which the section (``told``) does not have anywhere."""
    match = _QUANTITY.search(statement.text)
    if match and len(_QUANTITY.findall(statement.text)) == 1:
        number = int(match.group(1))
        wrong = [number * factor for factor in (2, 3, 4) if str(number * factor) not in told]
        if wrong:
            exchanged = seeded("misnumber", statement.key).choice(wrong)
            yield f"{statement.text[: match.start(1)]}{exchanged}{statement.text[match.end(1) :]}"


def _exchanged(source: QuizSource, statement: Statement) -> Iterator[str]:
    subject = source.mentions(statement)[:1]
    for mention in _askable(source, statement):
        if mention not in subject or sum(other.entry == mention.entry for other in source.mentions(statement)) > 1:
            continue
        contrasted = source.subjects(statement)
        for other, form in wrong_terms(source, statement, mention):
            if other in contrasted:
                yield exchange(statement.text, mention.start, mention.end, form)
