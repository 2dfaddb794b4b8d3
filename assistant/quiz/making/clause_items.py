"""Items on numbers, and on conditions with what follows from them."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.quiz.making.facts import Facts, Statement, alike
from assistant.quiz.making.item_parts import Question, Spot, draft, remarks_on, said
from assistant.quiz.making.item_phrases import phrase
from assistant.quiz.making.sentence_edits import blank_out, occurs_apart, squeezed
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.records import Item, ItemKind, Structure

_NUMBER = re.compile(
    r"(?<![\w./:-])(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<unit>\s?(?:TiB|GiB|MiB|KiB|TB|GB|MB|KB|Gi|Mi|Ki|%|"
    r"퍼센트|초|분|시간|일|주|개월|달|년|개|대|자|회|번째|번|days?|hours?|minutes?|seconds?|weeks?|months?|"
    r"years?|times?|"
    r"characters?|nodes?|pods?)(?![A-Za-z]))?(?![A-Za-z0-9/:]|\.\d)"
)
_CONDITION = {
    "ko": re.compile(
        r"^(?P<opening>.{6,90}?(?:하려면|려면|싶다면|했다면|다면|[^측경화장표지전정반단수도뒤앞옆전후]면|"
        r"할 때는|위해서는|때문에|므로|경우에는|경우,?))\s{1,9}(?P<ending>.{6,90})$"
    ),
    "en": re.compile(
        r"^(?P<opening>(?:If|When|To(?=\s[a-z]+\s)|Because|In order to|Before|After)\s.{6,90}?),\s(?P<ending>.{6,90})$"
    ),
}
_UNSURE = re.compile(r"^(?:예를|즉|또는|그러나|또한|for example|e\.g)", re.IGNORECASE)
_CANDIDATES = 40
_SHORTEST_TERM = 4
_FACTORS = (0.25, 0.5, 2.0, 3.0, 4.0)


def number_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield a chosen and a typed item for the one number with a unit that a statement holds."""
    for statement in facts.statements:
        matches = [match for match in _NUMBER.finditer(statement.text) if match["unit"]]
        if len(matches) != 1 or not statement.whole:
            continue
        match = matches[0]
        answer = match.group().strip()
        sentence = blank_out(statement.text, match.start(), match.end())
        spot = Spot(facts, statement.key, statement.first_line, statement.last_line, said(facts, statement.text))
        section = facts.section
        told = source.quote(section, section.first_line, section.last_line)
        wrong = _wrong_numbers(statement, match["value"], match["unit"], told)
        if len(wrong) == 3 and not remarks_on(facts, spot):
            stem = phrase("number", statement.language, sentence=sentence)
            options = tuple(sorted((answer, *wrong), key=_value_of))
            question = Question(ItemKind.CHOICE, Structure.NUMBER, stem, answer, "n", 2, options, shuffled=False)
            yield draft(source, spot, question)
        stem = phrase("number_typed", statement.language, sentence=sentence)
        question = Question(
            ItemKind.SHORT, Structure.NUMBER, stem, answer, "n", 3, accepted=(answer,), hint=_between(answer, statement)
        )
        yield draft(source, spot, question)


def _value_of(text: str) -> float:
    match = _NUMBER.search(text)
    return float(match["value"].replace(",", "")) if match else 0.0


def _wrong_numbers(statement: Statement, value: str, unit: str, told: str) -> list[str]:
    """Return three other round numbers that the section (``told``) never names, or none.

    How many of them are smaller depends on the statement's key alone.
    """
    random = seeded("number", statement.key)
    number = float(value.replace(",", ""))
    if not number or math.isinf(number):
        return []
    candidates = [number * factor for factor in _FACTORS] if number >= 8 else [n for n in range(1, 10) if n != number]
    whole = [c for c in candidates if (c == int(c) or "." in value) and not occurs_apart(f"{c:g}", told, str.isdecimal)]
    smaller, larger = [c for c in whole if c < number], [c for c in whole if c > number]
    below = min(random.randrange(4), len(smaller))
    below = max(below, 3 - len(larger))
    if below > len(smaller):
        return []
    picked = [*random.sample(smaller, below), *random.sample(larger, 3 - below)]
    return [f"{candidate:g}{unit}" for candidate in picked]


def _between(answer: str, statement: Statement) -> str:
    value = _value_of(answer)
    random = seeded("between", statement.key)
    low, high = value * random.choice((0.4, 0.5, 0.7)), value * random.choice((1.5, 2.0, 2.5))
    return phrase("hint_size", statement.language, low=f"{int(low)}", high=f"{int(high) + 1}")


@dataclass(frozen=True, slots=True)
class Conditional:
    """A statement in two halves: the condition and what follows from it."""

    facts: Facts
    statement: Statement
    opening: str
    ending: str


def conditionals(source: QuizSource) -> dict[tuple[str, str], list[Conditional]]:
    """Return the conditional statements of the notes by (language, module)."""
    found: dict[tuple[str, str], list[Conditional]] = defaultdict(list)
    for facts in source.facts:
        for statement in facts.statements:
            match = _CONDITION[statement.language].match(statement.text)
            if match and statement.whole and not _UNSURE.match(match["ending"]) and " " in match["ending"]:
                conditional = Conditional(facts, statement, match["opening"].rstrip(","), match["ending"])
                found[statement.language, facts.section.module].append(conditional)
    return found


def condition_items(source: QuizSource) -> Iterator[Item]:
    """Yield items that ask how a condition goes on; the wrong endings follow other conditions of the module."""
    by_module = conditionals(source)
    for (language, module), rows in by_module.items():
        others = [
            row for (tongue, name), more in by_module.items() if tongue == language and name != module for row in more
        ]
        for row in rows:
            random = seeded("condition", row.statement.key)
            near = _wrong_endings(source, row, random.sample(rows, min(_CANDIDATES, len(rows))))
            wrong = random.sample(near, min(3, len(near)))
            far = (
                _wrong_endings(source, row, random.sample(others, min(_CANDIDATES, len(others))))
                if len(wrong) < 3
                else []
            )
            wrong += random.sample(far, min(3 - len(wrong), len(far)))
            if len(wrong) < 2:
                continue
            opening = f"{row.opening}," if language == "en" else row.opening
            stem = phrase("condition", language, opening=opening)
            spot = Spot(row.facts, row.statement.key, row.statement.first_line, row.statement.last_line,
                        said(row.facts, row.statement.text))  # fmt: skip
            question = Question(
                ItemKind.CHOICE,
                Structure.CONDITION,
                stem,
                row.ending,
                "if",
                3,
                (row.ending, *wrong),
                evidence=(row.ending,),
            )
            yield draft(source, spot, question)


def _wrong_endings(source: QuizSource, row: Conditional, rows: list[Conditional]) -> list[str]:
    """Return endings of other conditions that are neither near this condition nor near its own ending.

    What a sentence about a part of the same term says (AssumeRole, of roles) may hold for the term as well.
    """
    terms = {
        squeezed(form) for number in source.mentioned(row.opening) for form in source.lexicon.entries[number].forms
    }
    related = {term for term in terms if len(term) >= (_SHORTEST_TERM if term.isascii() else 2)}
    return [
        other.ending
        for other in rows
        if other.statement.key != row.statement.key
        and alike(other.ending, row.ending)
        and fuzz.token_set_ratio(other.opening, row.opening) < 60
        and fuzz.token_set_ratio(other.ending, row.ending) < 60
        and fuzz.partial_ratio(other.ending, row.opening) < 60
        and not any(term in squeezed(other.opening) for term in related)
    ]
