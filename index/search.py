"""Answers a question's vector and words with ranked sections and the decision whether the notes answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.border import clean_question
from index.deciding import abstention
from index.deciding.abstention import Parameters
from index.deciding.abstention_evidence import Evidence, absent_name, absent_words, covered_by_top, quantity_missing
from index.deciding.other_subjects import other_texts
from index.deciding.typical_words import typical_words
from index.encoding.centring import QUESTION_SHARE, Vectors, centre, mean_vector
from index.language.languages import detect_language
from index.ranking.fusion import fuse
from index.ranking.known_questions import KnownQuestionSignal
from index.ranking.lexical import LexicalResult
from index.ranking.line_profiles import Profiler
from index.ranking.lines import LineScore, lines_of
from index.reading.layout.unit_names import unit_of
from index.reading.passages import line_pieces
from index.records import Decision, Grain, Hit, Line, Note, SearchResult, Section, Signals
from index.store import StoredIndex

_CANDIDATES = 256
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as one index reads it, once for all that is asked of it.

    ``vector`` is uncentred and ``centred`` is not, both ``(d,)``; ``lexical`` says how its words match. ``likeness`` is
    how like the question is to each known question, ``(n,)``, and ``nearness`` the same with their groups.
    """

    text: str
    language: str
    vector: Vectors
    centred: Vectors
    lexical: LexicalResult
    likeness: Vectors
    nearness: Vectors


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate sections of a question, best first, every section in one edition only. Arrays are ``(n,)``.

    ``known`` is the likeness to a question that the section answers.
    """

    sections: Numbers
    scores: Vectors
    grains: dict[Grain, Vectors]
    known: Vectors


class Searcher:
    """Ranks the sections of a stored index. Needs a question's vector, so that it works without an encoder."""

    def __init__(self, stored: StoredIndex, parameters: Parameters | None = None) -> None:
        self._stored = stored
        self._parameters = parameters
        self._sections = stored.sections
        self._notes: dict[str, Note] = {note.file: note for note in stored.notes}
        self._lines = [passage for passage in stored.passages if passage.grain is Grain.LINE]
        self._generic_means = {language: mean_vector(vectors) for language, vectors in stored.question_vectors.items()}
        self._question_means = {language: QUESTION_SHARE * mean for language, mean in self._generic_means.items()}
        self._known = KnownQuestionSignal(stored.known, stored.question_vectors, len(self._sections))
        self._all = np.arange(len(self._sections), dtype=np.int64)
        keys = {key: number for number, key in enumerate(dict.fromkeys(s.edition_key for s in self._sections))}
        self._edition_groups = np.array([keys[section.edition_key] for section in self._sections], dtype=np.int64)
        self._languages = np.array([section.language for section in self._sections])
        self._line_keys: dict[int, tuple[frozenset[str], ...]] = {}

    @property
    def stored(self) -> StoredIndex:
        """The index that is searched."""
        return self._stored

    @property
    def known_questions(self) -> KnownQuestionSignal:
        """The signal of the questions that lines are known to answer."""
        return self._known

    @cached_property
    def profiler(self) -> Profiler:
        """What tells where in the notes questions point."""
        return Profiler(self._edition_groups, self._stored.grains, self._question_means, self._known)

    def note(self, file: str) -> Note:
        """Return the note called ``file``."""
        return self._notes[file]

    def mentions(self, word: str) -> bool:
        """Return whether ``word`` stands anywhere in the notes, as it is written but for capitals."""
        return any(word.casefold() in text for text in self._folded_texts)

    @cached_property
    def _folded_texts(self) -> tuple[str, ...]:
        return tuple(note.shown.casefold() for note in self._notes.values())

    def read(self, question: str, vector: Vectors) -> Query:
        """Return ``question``, of the uncentred ``(d,)`` ``vector``, as this index reads it.

        :raises QuestionError: If the question is empty or longer than its limit.
        """
        clean_question(question)
        language = detect_language(question)
        likeness = self._known.likeness(question, vector)
        return Query(
            text=question,
            language=language,
            vector=vector,
            centred=centre(vector, self._question_means[language]),
            lexical=self._stored.lexical.search(question),
            likeness=likeness,
            nearness=self._known.nearness(question, vector, likeness),
        )

    def search(self, query: Query, count: int, module: str | None = None, language: str | None = None) -> SearchResult:
        """Return at most ``count`` hits for ``query``.

        :param module: Only sections of the module with this name, or whose name starts with it and a colon.
        :param language: The edition that is preferred; by default the question's.
        """
        language = language or query.language
        ranking = self.rank(query, module, language)
        hits = tuple(self._hit(query, ranking, position) for position in range(min(count, len(ranking.sections))))
        if not hits:
            return SearchResult(query.text, language, (), Decision(False, 0.0, ()))
        background = self._stored.manifest.background[language]
        evidence = abstention.scaled_features(self._evidence(query, ranking), background)
        return SearchResult(query.text, language, hits, self._decide(query, evidence), evidence=evidence)

    def lines(self, query: Query, hits: Sequence[Hit]) -> list[Line]:
        """Return the lines of the sections of ``hits``, in the order of the hits, then of the notes.

        Their scores say how near they are to the question (see :mod:`index.ranking.lines`).
        """
        return lines_of(query.text, hits, self.line_scores(query, [hit.section for hit in hits]))

    def line_scores(self, query: Query, sections: Iterable[Section]) -> list[LineScore]:
        """Return the nearness of every quotable line of ``sections`` to ``query``, section by section, in order."""
        matches = [match for match in query.lexical.matches if match.keys]
        total = sum(match.idf for match in matches) or 1.0
        scores: list[LineScore] = []
        for section in sections:
            known = self._known.by_line(query.nearness, section.number)
            cosines = self._stored.grains[Grain.LINE].cosines_of(query.centred, section.number)
            lines = zip(line_pieces(section), cosines, self._keys_of_lines(section), strict=True)
            for piece, cosine, keys in lines:
                shared = sum(match.idf for match in matches if not keys.isdisjoint(match.keys)) / total
                scores.append(LineScore(section, piece, float(cosine), shared, keys, known.get(piece.first_line, 0.0)))
        return scores

    def _keys_of_lines(self, section: Section) -> tuple[frozenset[str], ...]:
        """Return the keys of every quotable line of ``section``; worked out once, as analysing Korean takes time."""
        if section.number not in self._line_keys:
            keys_of = self._stored.lexical.keys_of
            self._line_keys[section.number] = tuple(keys_of(piece.text) for piece in line_pieces(section))
        return self._line_keys[section.number]

    def keys_in(self, section: Section) -> frozenset[str]:
        """Return the keys of the words and concepts that the heading and the lines of ``section`` hold."""
        return self._stored.lexical.keys_of(section.leaf).union(*self._keys_of_lines(section))

    def evidence(self, query: Query) -> Evidence:
        """Return what the signals say about ``query`` over all sections."""
        return self._evidence(query, self.rank(query, None))

    def rank(self, query: Query, module: str | None, edition: str | None = None) -> Ranking:
        """Return the ranked candidates of ``query``."""
        bonuses, nearness = query.lexical.bonuses, self._known_by_section(query.nearness)
        candidates = self._candidates(query.centred, bonuses, nearness, module)
        grains = {grain: stored.best_scores(query.centred, candidates) for grain, stored in self._stored.grains.items()}
        chunk, line, heading = (grains[grain] for grain in (Grain.CHUNK, Grain.LINE, Grain.HEADING))
        fused = fuse(chunk, line, heading, bonuses[candidates], nearness[candidates])
        order = self._one_edition_each(candidates, fused, edition or query.language)
        return Ranking(
            sections=candidates[order],
            scores=fused[order],
            grains={grain: values[order] for grain, values in grains.items()},
            known=self._known_by_section(query.likeness)[candidates][order],
        )

    def _known_by_section(self, values: Vectors) -> Vectors:
        """Return the best of ``values`` of the questions that a section, in any edition, answers, ``(sections,)``."""
        own = self._known.by_section(values)
        best = np.zeros_like(own)
        np.maximum.at(best, self._edition_groups, own)
        return best[self._edition_groups]

    def _candidates(self, centred: Vectors, bonuses: Vectors, known: Vectors, module: str | None) -> Numbers:
        if module is not None:
            wanted = [number for number, section in enumerate(self._sections) if in_module(section, module)]
            return np.array(wanted, dtype=np.int64)
        if all(grain.exact for grain in self._stored.grains.values()):
            return self._all
        found = [grain.nearest_sections(centred, _CANDIDATES) for grain in self._stored.grains.values()]
        for values in (bonuses, known):
            best = np.argsort(-values)[:_CANDIDATES]
            found.append(best[values[best] > 0])
        return np.unique(np.concatenate(found))

    def _one_edition_each(self, candidates: Numbers, fused: Vectors, language: str) -> Numbers:
        """Return positions of ``candidates``, best first: one edition of each section, in ``language`` if there is one.

        The edition takes the best score that any of them has.
        """
        groups = self._edition_groups[candidates]
        by_score = np.argsort(-fused, kind="stable")
        _, first = np.unique(groups[by_score], return_index=True)
        best = by_score[np.sort(first)]
        preferred = np.flatnonzero(self._languages[candidates] == language)
        twins = np.full(len(self._sections), -1, dtype=np.int64)
        twins[groups[preferred]] = preferred
        chosen = np.where(twins[groups[best]] >= 0, twins[groups[best]], best)
        fused[chosen] = fused[best]
        return chosen

    def _hit(self, query: Query, ranking: Ranking, position: int) -> Hit:
        section = self._sections[int(ranking.sections[position])]
        lines = self._stored.grains[Grain.LINE]
        cosines = lines.cosines_of(query.centred, section.number)
        best_line = self._lines[lines.rows_of(section.number)[0] + int(np.argmax(cosines))] if len(cosines) else None
        chunk, line, heading = (float(ranking.grains[grain][position]) for grain in Grain)
        lexical = float(query.lexical.bonuses[section.number])
        return Hit(
            section=section,
            score=round(float(ranking.scores[position]), 6),
            signals=Signals(chunk, line, heading, lexical, float(ranking.known[position])),
            text=self._notes[section.file].quote(section.first_line, section.last_line),
            best_line=best_line,
        )

    def _evidence(self, query: Query, ranking: Ranking) -> Evidence:
        top_group = self._edition_groups[ranking.sections[:1]]
        editions: set[int] = set(np.flatnonzero(np.isin(self._edition_groups, top_group)).tolist())
        texts = [block.text for number in editions for block in self._sections[number].blocks]
        grains = ranking.grains
        nothing = np.zeros_like(grains[Grain.CHUNK])
        dense = fuse(grains[Grain.CHUNK], grains[Grain.LINE], grains[Grain.HEADING], nothing, nothing)
        words = self._stored.known.words
        asked = frozenset(key for number in editions for key in words.get(number, ()))
        return Evidence(
            dense=float(dense.max()) if len(dense) else -1.0,
            covered_by_top=covered_by_top(query.lexical, self._stored.lexical, editions),
            absent_name=absent_name(query.lexical),
            quantity_missing=quantity_missing(query.text, "\n".join(texts)),
            subject=self._stored.subject.odds(centre(query.vector, self._generic_means[query.language])),
            typical_words=typical_words(
                query.lexical, self._stored.lexical, self._stored.subject.other_words, len(other_texts())
            ),
            known=float(ranking.known[0]) if len(ranking.known) else 0.0,
            covered_with_known=covered_by_top(query.lexical, self._stored.lexical, editions, asked),
        )

    def _decide(self, query: Query, evidence: Mapping[str, float]) -> Decision:
        known = bool(self._stored.known.texts)
        parameters = self._parameters or abstention.shipped_parameters(with_known_questions=known)
        value = abstention.probability(evidence, parameters)
        absent = tuple(word for word in absent_words(query.lexical) if not self.mentions(word))
        return Decision(value >= parameters.threshold, round(value, 4), absent)


def in_module(section: Section, module: str) -> bool:
    """Return whether ``section`` belongs to ``module``, given by its whole name or by what numbers it.

    That is what stands before the colon, or the unit that the name begins with: ``Week 3`` of ``Week 3 - Storage``.
    """
    wanted = module.strip().casefold()
    name = section.module.casefold()
    return wanted in (name, name.partition(":")[0].strip()) or (wanted != "" and wanted == unit_of(name))
