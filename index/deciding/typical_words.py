"""Signal: whether a question's words are those of the notes rather than those of other subjects.

The word that a whole course is about stands in most of its sections, so that its rarity says nothing; but hardly any
other subject uses it. For each word the logarithm is taken of how much more often the notes' sections hold it than
texts about other subjects do.
"""

import math
from collections.abc import Mapping

from index.language.terms import TermKind
from index.ranking.lexical import LexicalIndex, LexicalResult, TermMatch

#: As if on either side 100 more texts had been read, of which a twentieth of one holds the word: little is known of
#: a word from few texts.
_MORE_TEXTS, _MORE_HOLDING = 100, 0.05
_MOST = 3.0


def typical_words(result: LexicalResult, index: LexicalIndex, other_words: Mapping[str, int], others: int) -> float:
    """Return the sum over the question's words, numbers apart, of their log-ratios, divided by √(number of words).

    :param other_words: By key, how many of ``others`` texts about other subjects hold it.
    """
    ratios = [
        _log_ratio(match, index, other_words, others)
        for match in result.matches
        if match.term.kind is not TermKind.NUMBER
    ]
    return sum(ratios) / math.sqrt(len(ratios)) if ratios else 0.0


def _log_ratio(match: TermMatch, index: LexicalIndex, other_words: Mapping[str, int], others: int) -> float:
    here = (len(index.sections_with(match)) + _MORE_HOLDING) / (index.section_count + _MORE_TEXTS)
    elsewhere = max(other_words.get(key, 0) for key in (*match.keys, *match.term.keys))
    ratio = math.log(here) - math.log((elsewhere + _MORE_HOLDING) / (others + _MORE_TEXTS))
    return min(max(ratio, -_MOST), _MOST)
