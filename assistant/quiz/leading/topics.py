"""Finds the sections that a quiz on a topic may ask about: those that the index says answer it."""

from index import CourseIndex

_FURTHER = 3
_NEAR_BEST = 0.82


def places_of(index: CourseIndex, topic: str, module: str | None = None) -> tuple[str, ...]:
    """Return the edition keys of the sections that answer ``topic``, best first; none where the notes don't say.

    :raises QuestionError: If the topic is empty or too long.
    """
    result = index.search(topic, 1 + _FURTHER, module)
    if not result.decision.grounded:
        return ()
    best = result.hits[0].score
    return tuple(hit.section.edition_key for hit in result.hits if hit.score >= _NEAR_BEST * best)
