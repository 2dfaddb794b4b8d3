"""Answers that point the way where a question finds none: to another module, or to what may have been meant."""

from dataclasses import replace

from assistant.records import Answer, AnswerKind
from assistant.safe_markdown import safe
from assistant.selection import Selection, suggestion
from assistant.talk.course_talk import short_name
from assistant.talk.replies import said
from index.search import in_module


def elsewhere(declined: Answer, module: str, anywhere: Selection) -> Answer | None:
    """Return that not ``module`` but another one answers, if ``anywhere``, the question over all modules, says so."""
    part = next((part for part in anywhere.parts if part.grounded), None)
    if part is None or in_module(part.result.hits[0].section, module):
        return None
    section = part.result.hits[0].section
    language = declined.language
    told = said("elsewhere.told", language, module=safe(module), name=safe(section.module))
    offer = said("elsewhere.ask", language, name=short_name(section.module), question=declined.question)
    places = (suggestion(section),)
    return replace(
        declined,
        body=told,
        suggestions=places,
        absent=(),
        kind=AnswerKind.ELSEWHERE,
        offer=offer,
        standalone=anywhere.standalone,
    )


def with_guess(declined: Answer, meant: str, offer: str) -> Answer:
    """Return ``declined`` asking whether ``meant`` was meant; a plain yes asks ``offer``."""
    asked = said("slips.did_you_mean", declined.language, meant=safe(meant))
    lead, gap, rest = declined.body.partition("\n\n")
    return replace(declined, body=f"{lead}\n\n{asked}{gap}{rest}", offer=offer)
