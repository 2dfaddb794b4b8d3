"""Words what the assistant says about the course and about itself, in Korean and English; decides nothing."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.safe_markdown import safe
from assistant.talk.guide import CourseGuide
from assistant.talk.small_talk import Tone
from assistant.talk.syllabus import Scope, Syllabus
from index.safe_yaml import parse_yaml

_CATALOGUE = Path(__file__).with_name("replies.yaml")
MOST_TOPICS = 6
_ASKABLE = 3
#: Those who begin or are lost are told what there is; who goes on or leaves is not given a table of contents.
_WITH_TOPICS = frozenset({Tone.GREETING, Tone.WHO, Tone.ABILITY, Tone.COMPLAINT, Tone.NOTHING, Tone.CHAT})


@cache
def _catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    read: Any = parse_yaml(_CATALOGUE.read_text(encoding="utf-8"))
    return read


def said(key: str, language: str, **values: object) -> str:
    """Return the text of ``key``, such as ``summary.course``; where there is a ``key_one``, that for a count of one.

    :raises KeyError: If the text or a value of it is missing.
    """
    group, _, name = key.partition(".")
    texts = _catalogue()[group]
    one = f"{name}_one"
    if one in texts and 1 in (values.get("count"), values.get("total")):
        name = one
    return texts[name][language].format(**values)


class Replies:
    """What can be said about one course."""

    def __init__(self, guide: CourseGuide, syllabus: Syllabus) -> None:
        self._guide = guide
        self._syllabus = syllabus

    def course(self, language: str) -> str:
        """Return the name of the course as a sentence uses it."""
        name = self._syllabus.course(language)
        return safe(name) if name else said("course.this", language)

    def small_talk(self, tone: str, language: str) -> str:
        """Return the reply to small talk, with what can be asked of this course.

        :param tone: The value of a :class:`Tone`, or another key among the tones' texts.
        """
        pieces = [said(f"tone.{tone}", language, course=self.course(language))]
        if tone not in {str(one.value) for one in Tone} or Tone(tone) in _WITH_TOPICS:
            pieces.append(said("course.topics", language, topics=self._topics(language)))
        questions = self._guide.starters(language)[:_ASKABLE]
        if questions:
            items = "\n".join(f"- {safe(question)}" for question in questions)
            pieces.append(f"{said('course.askable', language)}\n\n{items}")
        return "\n\n".join(pieces)

    def no_module(self, unit: str, language: str) -> str:
        """Return that there is no module called ``unit``, and which there are."""
        modules = self._syllabus.modules(language)
        numbered = any(module.numbers for module in modules)
        lead = said("course.no_module" if numbered else "course.no_numbers", language, unit=safe(unit))
        key = "course.ask_for_numbered" if numbered else "course.ask_for_one"
        example = _short_name(modules, language) if numbered else modules[0].name
        return "\n\n".join([lead, _bullets(modules, language), said(key, language, name=safe(example))])

    def _topics(self, language: str) -> str:
        modules = self._syllabus.modules(language)
        names = [safe(module.name) for module in modules[:MOST_TOPICS]]
        more = len(modules) - len(names)
        return ", ".join([*names, *([said("course.more_topics", language, count=more)] if more > 0 else [])])


def _short_name(modules: Sequence[Scope], language: str) -> str:
    """Return what a numbered module can be called."""
    number = next(module.numbers[0] for module in modules if module.numbers)
    return f"모듈 {number}" if language == "ko" else f"module {number}"


def _bullets(modules: Sequence[Scope], language: str) -> str:
    shown = [f"- {safe(module.name)}" for module in modules[: 2 * MOST_TOPICS]]
    more = len(modules) - len(shown)
    return "\n".join([*shown, *([f"- {said('course.more_topics', language, count=more)}"] if more > 0 else [])])
