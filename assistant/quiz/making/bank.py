"""All items of a course: made from the notes, checked, and drawn for a quiz. Knows no page and no session."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.quiz.making.clause_items import condition_items, number_items
from assistant.quiz.making.facts import Facts
from assistant.quiz.making.linter import faults, without_repeats
from assistant.quiz.making.list_items import list_items
from assistant.quiz.making.pair_items import comparison_items, heading_items, pair_items
from assistant.quiz.making.source import QuizSource, seeded
from assistant.quiz.making.term_items import term_items, truth_items
from assistant.quiz.records import Item, ItemKind, Structure
from index import ModuleRule, Note, Section
from index.language.glossary import shipped_glossary
from index.reading.course import own_glossary
from index.reading.notes import read_notes
from index.search import in_module

_MAKERS = (list_items, pair_items, comparison_items, number_items, heading_items, term_items, truth_items)
_MOST_OF_A_SOURCE = 4


class QuizBank:
    """The sound items of some notes, in a stable order; equal notes give equal items."""

    def __init__(self, source: QuizSource) -> None:
        self.source = source
        self.rejected: Counter[str] = Counter()
        self.items: tuple[Item, ...] = tuple(balanced(self._sound()))
        self._by_id = {item.id: item for item in self.items}

    @classmethod
    def from_notes(cls, notes: Sequence[Note], notes_folder: Path) -> "QuizBank":
        """Return the bank of ``notes``, with the glossary in ``notes_folder`` if there is one that can be used."""
        synonyms = [entry for entry in shipped_glossary() if not entry.is_everyday]
        return cls(QuizSource(notes, own_glossary(notes_folder), synonyms))

    @classmethod
    def read(cls, notes_folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> "QuizBank":
        """Return the bank of the notes in a folder.

        :param rule: What is cited as a module.
        :raises ContentError: If no note can be used.
        """
        return cls.from_notes(read_notes(notes_folder, rule), notes_folder)

    def _sound(self) -> Iterator[Item]:
        made: Counter[str] = Counter()
        for item in without_repeats(self._made()):
            broken = faults(item)
            if broken:
                self.rejected[broken[0]] += 1
            elif made[item.source + item.language] < _MOST_OF_A_SOURCE:
                made[item.source + item.language] += 1
                yield item

    def _made(self) -> Iterator[Item]:
        conditions: dict[str, list[Item]] = defaultdict(list)
        for item in condition_items(self.source):
            conditions[item.place + item.language].append(item)
        for facts in self.source.facts:
            yield from conditions[facts.section.edition_key + facts.section.language]
            for make in _MAKERS:
                yield from make(self.source, facts)

    def item(self, identifier: str) -> Item | None:
        """Return the item with this id, None where the notes no longer give it."""
        return self._by_id.get(identifier)

    def facts(self) -> Sequence[Facts]:
        """Return the facts that the items were made from."""
        return self.source.facts

    def select(
        self,
        language: str,
        *,
        places: Sequence[str] = (),
        module: str | None = None,
        kinds: Iterable[ItemKind] = (),
    ) -> list[Item]:
        """Return the items in a language, of the sections called ``places``, of a module, and of some kinds, if given.

        :param module: A module's name, what stands before its colon, or its number.
        """
        wanted, allowed = set(places), set(kinds)
        inside = self._places_of(module) if module else None
        return [
            item
            for item in self.items
            if item.language == language
            and (not wanted or item.place in wanted)
            and (inside is None or item.place in inside)
            and (not allowed or item.kind in allowed)
        ]

    def _places_of(self, module: str) -> set[str]:
        sections = [facts.section for facts in self.source.facts]
        return {section.edition_key for section in sections if _belongs(section, module)}

    def modules(self, language: str) -> list[str]:
        """Return the names of the modules that have items in a language, in the order of the notes."""
        return list(dict.fromkeys(item.citation.module for item in self.items if item.language == language))


def balanced(items: Iterable[Item]) -> Iterator[Item]:
    """Yield ``items`` with the keys of choices spread evenly over the positions; numbers stay in ascending order."""
    counts: Counter[tuple[str, int, int]] = Counter()
    for item in items:
        if item.kind is ItemKind.CHOICE:
            size = len(item.options)
            if item.structure is not Structure.NUMBER:
                tie = seeded("position", item.id).sample(range(size), size)
                place = min(tie, key=lambda position: counts[item.language, size, position])
                others = [option for option in item.options if option != item.answer]
                yield replace(item, options=(*others[:place], item.answer, *others[place:]))
                counts[item.language, size, place] += 1
                continue
            counts[item.language, size, item.options.index(item.answer)] += 1
        yield item


def _belongs(section: Section, module: str) -> bool:
    wanted = module.strip()
    if wanted.isdigit():
        return any(in_module(section, f"{word} {int(wanted)}") for word in ("모듈", "module"))
    return in_module(section, wanted) or wanted.casefold() in section.module.casefold()


def draw(items: Sequence[Item], count: int, seed: int | None = None) -> list[Item]:
    """Return up to ``count`` of ``items`` for one quiz, the same for the same seed.

    No line is asked twice, and no stem gives away the key of another item, while others are left;
    kinds take turns, and easier items come before harder ones.

    :param seed: None draws anew every time.
    """
    random = seeded("draw", secrets.randbits(63) if seed is None else seed)
    pool = list(items)
    random.shuffle(pool)
    chosen: list[Item] = []
    sources: Counter[str] = Counter()
    places: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    while pool and len(chosen) < count:
        best = min(
            pool,
            key=lambda item: (
                _overlap(sources, item) + _cues(chosen, item),
                kinds[item.kind.value, ""],
                places[item.place],
                kinds["", item.structure.value],
            ),
        )
        pool.remove(best)
        chosen.append(best)
        sources.update(_lines(best))
        places[best.place] += 1
        kinds[best.kind.value, ""] += 1
        kinds["", best.structure.value] += 1
    return sorted(chosen, key=lambda item: item.difficulty)


def _cues(chosen: Sequence[Item], item: Item) -> int:
    """Return how many of ``chosen`` give away the key of ``item`` by what they show, or the other way round."""
    return sum(_tells(other, item) or _tells(item, other) for other in chosen if other.place == item.place)


def _tells(shown: Item, asked: Item) -> bool:
    return asked.kind is not ItemKind.TRUE_FALSE and asked.answer.casefold() in shown.stem.casefold()


def _lines(item: Item) -> list[str]:
    citation = item.citation
    return [f"{citation.file}:{line}" for line in range(citation.first_line, citation.last_line + 1)]


def _overlap(asked: Counter[str], item: Item) -> int:
    return max(asked[line] for line in _lines(item))
