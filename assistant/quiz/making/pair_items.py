"""Items on what the notes set side by side: terms with their meanings, and parallel statements that differ."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.quiz.making.facts import LONGEST_NAME, Facts, Pair, Statement, alike
from assistant.quiz.making.item_parts import Question, Spot, draft, label, said
from assistant.quiz.making.item_phrases import phrase
from assistant.quiz.making.sentence_edits import exchange, squeezed
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.making.term_items import truth_item
from assistant.quiz.records import Item, ItemKind, Structure
from index.language.languages import KOREAN

_LONGEST_TYPED = 30
_MOST_OF_A_GROUP = 3


def pair_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield the items of the term-and-meaning lines of a section."""
    for group in {pair.parallel for pair in facts.pairs}:
        pairs = [pair for pair in facts.pairs if pair.parallel == group and len(pair.term) <= LONGEST_NAME]
        for pair in pairs:
            if source.aspects(facts.section, pair.term):
                yield from _aspect(source, facts, pair)
                continue
            yield from _which_term(source, facts, pair, pairs)
            yield from _which_meaning(source, facts, pair, pairs)
            yield from _pair_truth(source, facts, pair, pairs)


def _spot(facts: Facts, pair: Pair) -> Spot:
    line = f"{pair.term}: {pair.meaning}"
    return Spot(facts, pair.key, pair.first_line, pair.last_line, said(facts, line))


def _gives_away(text: str, term: str) -> bool:
    return squeezed(term) in squeezed(text) or any(
        len(word) > 2 and word.casefold() in text.casefold() for word in term.split()
    )


def _which_term(source: QuizSource, facts: Facts, pair: Pair, pairs: Sequence[Pair]) -> Iterator[Item]:
    name = label(facts, pair.term)
    if not name or _gives_away(pair.meaning, pair.term) or len(squeezed(pair.meaning)) < 4:
        return
    language = facts.section.language
    wrong = [other.term for other in pairs if other is not pair and squeezed(other.meaning) != squeezed(pair.meaning)]
    if len(wrong) >= 2:
        options = (pair.term, *seeded(pair.key).sample(wrong, min(3, len(wrong))))
        stem = phrase("definition", language, label=name, meaning=pair.meaning)
        yield draft(
            source,
            _spot(facts, pair),
            Question(ItemKind.CHOICE, Structure.DEFINITION, stem, pair.term, "c", 2, options),
        )
    if len(pair.term) <= _LONGEST_TYPED and wrong:
        stem = phrase("definition_typed", language, label=name, meaning=pair.meaning)
        accepted = source.lexicon.synonyms(pair.term)
        question = Question(ItemKind.SHORT, Structure.DEFINITION, stem, pair.term, "s", 3, accepted=accepted)
        yield draft(source, _spot(facts, pair), question)


def _which_meaning(source: QuizSource, facts: Facts, pair: Pair, pairs: Sequence[Pair]) -> Iterator[Item]:
    """Yield the item that asks for a term's meaning among those of its neighbours."""
    name = label(facts, pair.meaning)
    wrong = [
        other.meaning
        for other in pairs
        if other is not pair and other.term != pair.term and not _gives_away(other.meaning, other.term)
    ]
    if not name or len(wrong) < 2 or _gives_away(pair.meaning, pair.term):
        return
    options = (pair.meaning, *seeded(pair.key, "m").sample(wrong, min(3, len(wrong))))
    stem = phrase("meaning", facts.section.language, label=name, term=pair.term)
    question = Question(ItemKind.CHOICE, Structure.DEFINITION, stem, pair.meaning, "m", 2, options)
    yield draft(source, _spot(facts, pair), question)


def _aspect(source: QuizSource, facts: Facts, pair: Pair) -> Iterator[Item]:
    """Yield items on one aspect of parallel things: the scale of EC2 beside those of ECS and Lambda."""
    others = source.aspects(facts.section, pair.term)
    name = label(facts, pair.meaning)
    wrong = list(dict.fromkeys(o.meaning for o in others if squeezed(o.meaning) != squeezed(pair.meaning)))
    language = facts.section.language
    if not name or not wrong:
        return
    random = seeded(pair.key, "aspect")
    if len(wrong) >= 2:
        options = (pair.meaning, *random.sample(wrong, min(3, len(wrong))))
        stem = phrase("aspect", language, label=name, term=pair.term)
        yield draft(
            source,
            _spot(facts, pair),
            Question(ItemKind.CHOICE, Structure.COMPARISON, stem, pair.meaning, "a", 2, options),
        )
    if len(pair.meaning) <= _LONGEST_TYPED:
        stem = phrase("aspect_typed", language, label=name, term=pair.term)
        accepted = source.lexicon.synonyms(pair.meaning)
        question = Question(ItemKind.SHORT, Structure.COMPARISON, stem, pair.meaning, "a", 3, accepted=accepted)
        yield draft(source, _spot(facts, pair), question)
    holds = random.random() < 0.5
    meaning = pair.meaning if holds else random.choice(wrong)
    stem = phrase("truth_pair", language, label=name, term=pair.term, sentence=meaning)
    yield truth_item(source, _spot(facts, pair), stem, holds=holds, evidence=f"{pair.term} {pair.meaning}")


def _pair_truth(source: QuizSource, facts: Facts, pair: Pair, pairs: Sequence[Pair]) -> Iterator[Item]:
    name = label(facts)
    others = [
        other
        for other in pairs
        if squeezed(other.meaning) != squeezed(pair.meaning) and not _gives_away(other.meaning, other.term)
    ]
    if not others or not name or _gives_away(pair.meaning, pair.term):
        return
    random = seeded("pair", facts.section.edition_key)
    holds = (pairs.index(pair) + random.randrange(2)) % 2 == 0
    meaning = pair.meaning if holds else random.choice(others).meaning
    stem = phrase("truth_pair", facts.section.language, label=name, term=pair.term, sentence=meaning)
    yield truth_item(source, _spot(facts, pair), stem, holds=holds, evidence=f"{pair.term} {pair.meaning}")


def comparison_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield items that ask which of three statements holds: one is the notes', two have their subjects exchanged."""
    by_group: dict[int, list[Statement]] = {}
    for statement in facts.statements:
        if statement.parallel >= 0 and statement.whole:
            by_group.setdefault(statement.parallel, []).append(statement)
    for statements in by_group.values():
        made = 0
        for one, two in combinations(statements, 2):
            item = _comparison(source, facts, one, two) if made < _MOST_OF_A_GROUP else None
            if item:
                made += 1
                yield item


def _comparison(source: QuizSource, facts: Facts, one: Statement, two: Statement) -> Item | None:
    first, second = source.mentions(one)[:1], source.mentions(two)[:1]
    if not first or not second or not alike(one.text, two.text):
        return None
    lexicon = source.lexicon
    parallel = second[0].entry in lexicon.siblings(first[0].entry)
    starts = max(first[0].start, second[0].start) <= (12 if one.language != KOREAN else 0) + 4
    if (
        not parallel
        or not starts
        or second[0].entry in source.mentioned(one.text)
        or first[0].entry in source.mentioned(two.text)
    ):
        return None
    if not _same_frame(one, two):
        return None
    words = [s.text[m.start : m.end] for s, m in ((one, first[0]), (two, second[0]))]
    name = label(facts)
    swapped = (
        exchange(one.text, first[0].start, first[0].end, words[1]),
        exchange(two.text, second[0].start, second[0].end, words[0]),
    )
    random = seeded("compare", one.key, two.key)
    true = random.choice((one, two))
    spot = Spot(facts, f"{one.key}&{two.key}", min(one.first_line, two.first_line), max(one.last_line, two.last_line),
                said(facts, f"{one.text} {two.text}"))  # fmt: skip
    stem = phrase("comparison", one.language, label=name)
    evidence = (one.text, two.text)
    question = Question(
        ItemKind.CHOICE, Structure.COMPARISON, stem, true.text, "x", 4, (true.text, *swapped), evidence=evidence
    )
    return draft(source, spot, question) if name else None


def _same_frame(one: Statement, two: Statement) -> bool:
    """Return whether two parallel statements speak of one aspect: table columns must agree, lists always do."""
    columns = [statement.key.rsplit(".", 1)[-1] for statement in (one, two)]
    return len({statement.key.count(".") for statement in (one, two)}) == 1 and (
        one.key.count(".") == one.section.edition_key.count(".") + 1 or columns[0] == columns[1]
    )


def heading_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield items that ask which heading a section's first sentence explains, where headings are parallel terms."""
    section = facts.section
    number = source.lexicon.number_of(section.leaf.strip(" `"))
    first = next((s for s in facts.statements if s.parallel < 0), None)
    if number is None or number < source.curated or first is None:
        return
    if len(first.text) < 15 or any(_gives_away(first.text, form) for form in source.lexicon.entries[number].forms):
        return
    answer = source.lexicon.display(number, section.language)
    wrong = [
        form
        for other in source.lexicon.siblings(number)
        if (form := source.lexicon.display(other, section.language))
        and not _gives_away(first.text, form)
        and not source.may_hold(first, number, other)
        and alike(form, answer)
    ]
    spot = Spot(facts, f"{first.key}h", section.first_line, first.last_line, said(facts, first.text))
    if len(wrong) >= 2:
        options = (answer, *seeded(section.edition_key, "heading").sample(wrong, min(3, len(wrong))))
        stem = phrase("heading", section.language, meaning=first.text)
        yield draft(source, spot, Question(ItemKind.CHOICE, Structure.DEFINITION, stem, answer, "h", 2, options))
    if wrong and len(answer) <= _LONGEST_TYPED:
        stem = phrase("heading_typed", section.language, meaning=first.text)
        accepted = source.lexicon.synonyms(answer)
        yield draft(
            source, spot, Question(ItemKind.SHORT, Structure.DEFINITION, stem, answer, "hs", 3, accepted=accepted)
        )
