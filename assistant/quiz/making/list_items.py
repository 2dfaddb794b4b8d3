"""Items on lists: what belongs to one, what is missing from it, and in which order its steps come."""

from collections.abc import Iterator, Sequence

from assistant.quiz.making.facts import Facts, Listing
from assistant.quiz.making.item_parts import Question, Spot, draft, label, listed
from assistant.quiz.making.item_phrases import enumeration, phrase
from assistant.quiz.making.sentence_edits import squeezed
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.records import ORDER_ARROW, Item, ItemKind, Structure

_LONGEST_ENUMERATION = 90
_MOST_STEPS = 6
_NEAREST = 7
_LONGEST_MEMBER = 5
_SHORT_LIST = 3


def list_items(source: QuizSource, facts: Facts) -> Iterator[Item]:
    """Yield the items of all lists of a section."""
    for listing in facts.listings:
        if listing.ordered:
            yield from _order(source, facts, listing)
        if listing.names and not all(source.aspects(facts.section, member) for member in listing.members):
            yield from _membership(source, facts, listing)
            yield from _completion(source, facts, listing)


def _spot(facts: Facts, listing: Listing) -> Spot:
    return Spot(facts, listing.key, listing.first_line, listing.last_line, listed(facts, listing))


def _membership(source: QuizSource, facts: Facts, listing: Listing) -> Iterator[Item]:
    outsiders = _outsiders(source, listing)
    random = seeded(listing.key, "members")
    for number in random.sample(range(len(listing.members)), 2 if len(listing.members) > _SHORT_LIST else 1):
        member = listing.members[number]
        name = label(facts, member, listing.members)
        wrong = sorted(
            (word for word in outsiders if source.same_form(word, member)),
            key=lambda word: abs(len(word) - len(member)),
        )
        if name and len(wrong) >= 2:
            options = (member, *random.sample(wrong[:_NEAREST], min(3, len(wrong))))
            stem = phrase("member", facts.section.language, label=name)
            question = Question(
                ItemKind.CHOICE, Structure.MEMBERSHIP, stem, member, f"in{number}", 2, options, evidence=listing.members
            )
            yield draft(source, _spot(facts, listing), question)
    if len(listing.members) >= 3 and outsiders:
        inside = random.sample(listing.members, 3)
        fitting = [word for word in outsiders if all(source.same_form(word, member) for member in inside)]
        name = label(facts, "", listing.members)
        if fitting and name:
            key = random.choice(fitting)
            stem = phrase("outsider", facts.section.language, label=name)
            question = Question(
                ItemKind.CHOICE, Structure.MEMBERSHIP, stem, key, "out", 2, (key, *inside), evidence=tuple(inside)
            )
            yield draft(source, _spot(facts, listing), question)


def _outsiders(source: QuizSource, listing: Listing) -> list[str]:
    """Return members of other lists, nearest notes first, that this section does not mention and cannot include."""
    section = listing.section
    own = squeezed(source.quote(section, section.first_line, section.last_line))
    groups = {entry.group for entry in _entries(source, listing.members)}
    near = [*source.listings(section.language, section.file)]
    pool = near if sum(len(other.members) for other in near) > 12 else source.listings(section.language)
    words: dict[str, None] = {}
    for other in pool:
        related = other.section.heading_path[:-1] == section.heading_path
        if other.section.number == section.number or related or set(other.members) & set(listing.members):
            continue
        for word in other.members:
            held = {entry.group for entry in _entries(source, [word])} & groups
            touching = any(_touches(word, member) for member in listing.members)
            if not held and squeezed(word) not in own and not touching:
                words.setdefault(word)
    return list(words)


def _entries(source: QuizSource, words: Sequence[str]):  # noqa: ANN202
    numbers = [source.lexicon.number_of(word) for word in words]
    return [source.lexicon.entries[number] for number in numbers if number is not None]


def _touches(first: str, second: str) -> bool:
    """Return whether one text contains the other or they share a word: then one may be a kind of the other."""
    shared = {word.casefold() for word in first.split()} & {word.casefold() for word in second.split()}
    return _contains(first, second) or bool(shared)


def _contains(first: str, second: str) -> bool:
    one, two = squeezed(first), squeezed(second)
    return one in two or two in one


def _completion(source: QuizSource, facts: Facts, listing: Listing) -> Iterator[Item]:
    if not 2 <= len(listing.members) <= 6 or any(len(member.split()) > _LONGEST_MEMBER for member in listing.members):
        return
    random = seeded(listing.key, "completion")
    number = random.randrange(len(listing.members))
    answer = listing.members[number]
    others = [member for member in listing.members if member != answer]
    name = label(facts, answer, listing.members)
    if not name or len(enumeration(others)) > _LONGEST_ENUMERATION or any(_contains(answer, other) for other in others):
        return
    question = Question(
        kind=ItemKind.SHORT,
        structure=Structure.COMPLETION,
        stem=phrase("completion", facts.section.language, label=name, others=enumeration(others)),
        answer=answer,
        tag=str(number),
        difficulty=3,
        accepted=source.lexicon.synonyms(answer),
        evidence=listing.members,
    )
    yield draft(source, _spot(facts, listing), question)


def _order(source: QuizSource, facts: Facts, listing: Listing) -> Iterator[Item]:
    name = label(facts)
    steps = listing.members
    if not name or len(steps) < 3:
        return
    language = facts.section.language
    if len(steps) <= _MOST_STEPS:
        question = Question(
            ItemKind.ORDERING, Structure.ORDER, phrase("ordering", language, label=name), ORDER_ARROW.join(steps),
            "all", 4, steps, evidence=steps,
        )  # fmt: skip
        yield draft(source, _spot(facts, listing), question)
    random = seeded(listing.key, "order")
    for number in random.sample(range(len(steps) - 1), min(2, len(steps) - 1)):
        wrong = [step for step in steps if step not in (steps[number], steps[number + 1])]
        if len(wrong) < 2:
            continue
        options = (steps[number + 1], *random.sample(wrong, min(3, len(wrong))))
        stem = phrase("next", language, label=name, step=steps[number])
        question = Question(
            ItemKind.CHOICE, Structure.ORDER, stem, steps[number + 1], f"next{number}", 3, options, evidence=options
        )
        yield draft(source, _spot(facts, listing), question)
    for tag, answer in (("first", steps[0]), ("last", steps[-1])):
        wrong = [step for step in steps if step != answer]
        options = (answer, *random.sample(wrong, min(3, len(wrong))))
        stem = phrase(tag, language, label=name)
        question = Question(ItemKind.CHOICE, Structure.ORDER, stem, answer, tag, 2, options, evidence=options)
        yield draft(source, _spot(facts, listing), question)
