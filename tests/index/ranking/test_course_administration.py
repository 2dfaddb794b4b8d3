"""The questions about how a course is run that ship with the project."""

from collections import Counter

from index.language.languages import LANGUAGES, detect_language
from index.ranking.course_administration import administration_questions


def test_every_group_has_wordings_in_both_languages_and_no_wording_is_in_two() -> None:
    groups = administration_questions()
    assert len(groups) > 40
    for questions in groups:
        counts = Counter(detect_language(question) for question in questions)
        assert min(counts[language] for language in LANGUAGES) >= 5, questions
    every = [question.casefold() for questions in groups for question in questions]
    assert len(every) == len(set(every))
