"""The quiz conversation as a pure state machine: a session and a reply give the next session and what to say.

A session travels as JSON (:mod:`assistant.quiz.leading.browser_state`) and lives in the browser; nothing is kept here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.quiz.leading.commands import Command, command_of
from assistant.quiz.leading.grading import Grade, GradeVerdict, grade
from assistant.quiz.leading.replies import asked, said, verdict_text
from assistant.quiz.making.lexicon import Lexicon
from assistant.quiz.records import Item, ItemKind

_TRIES = 2


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How an item ended: the last verdict, and after how many tries; 0 tries where it was told or skipped."""

    item: Item
    verdict: GradeVerdict
    tries: int


@dataclass(frozen=True, slots=True)
class QuizSession:
    """A quiz on ``topic``: the items to ask in order, further ones to change to, and how the asked ones ended.

    ``tries`` counts the answers to the present item, ``hinted`` tells whether its hint was given.
    """

    topic: str
    language: str
    items: tuple[Item, ...]
    spare: tuple[Item, ...] = ()
    outcomes: tuple[ItemOutcome, ...] = ()
    tries: int = 0
    hinted: bool = False
    stopped: bool = False

    @property
    def position(self) -> int:
        """How many items have ended."""
        return len(self.outcomes)

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.stopped or self.position >= len(self.items)

    @property
    def item(self) -> Item | None:
        """The item that is being asked, None at the end."""
        return None if self.finished else self.items[self.position]

    @property
    def score(self) -> int:
        """How many items were answered rightly."""
        return sum(outcome.verdict is GradeVerdict.RIGHT for outcome in self.outcomes)

    @property
    def missed(self) -> tuple[Item, ...]:
        """The items to read again: not right at once."""
        return tuple(o.item for o in self.outcomes if o.verdict is not GradeVerdict.RIGHT or o.tries != 1)


@dataclass(frozen=True, slots=True)
class SessionStep:
    """What follows from a reply: the session as it is now, and the message in Markdown.

    ``buttons`` are replies to offer. ``ended`` is the item that this step ended, with its outcome, so that its marker
    ``[1]`` in the message can be linked to ``ended.item.citation`` and the answer remembered; ``verdict`` is None
    where the reply was a command.
    """

    session: QuizSession
    message: str
    buttons: tuple[str, ...] = ()
    verdict: GradeVerdict | None = None
    ended: ItemOutcome | None = None


def begin(topic: str, items: Sequence[Item], spare: Sequence[Item] = ()) -> SessionStep:
    """Return the first step of a quiz; ``topic`` is empty where the items were chosen otherwise.

    :raises ValueError: If there is no item.
    """
    if not items:
        raise ValueError("a quiz needs an item")
    session = QuizSession(topic, items[0].language, tuple(items), tuple(spare))
    opening = said("begin" if topic else "begin_plain", session.language, topic=topic, count=len(items))
    return _step(session, opening)


def reply(session: QuizSession, text: str, lexicon: Lexicon) -> SessionStep:
    """Return the step that follows from what the student wrote or the button that was pressed."""
    item = session.item
    command = command_of(text)
    if command is Command.COUNT:
        return _counted(session)
    if item is None:
        return _step(session, said("over", session.language))
    if command is not None:
        return _commanded(session, item, command)
    return _answered(session, item, grade(item, text, lexicon))


def _answered(session: QuizSession, item: Item, result: Grade) -> SessionStep:
    unread = result.verdict is GradeVerdict.NEAR and item.kind in (
        ItemKind.CHOICE,
        ItemKind.TRUE_FALSE,
        ItemKind.ORDERING,
    )
    if unread:
        return _step(session, said(f"unread_{item.kind.value}", session.language), verdict=result.verdict, again=True)
    tries = session.tries + 1
    if result.verdict is GradeVerdict.RIGHT or tries >= _TRIES:
        return _end(replace(session, tries=tries), item, result.verdict, verdict_text(item, result.verdict))
    message = said(
        "near_again" if result.verdict is GradeVerdict.NEAR else "wrong_again", session.language, hint=item.hint
    )
    return _step(replace(session, tries=tries, hinted=True), message, verdict=result.verdict, again=True)


def _end(session: QuizSession, item: Item, verdict: GradeVerdict, message: str, *, judged: bool = True) -> SessionStep:
    outcome = ItemOutcome(item, verdict, session.tries if judged else 0)
    after = replace(session, outcomes=(*session.outcomes, outcome), tries=0, hinted=False)
    return _step(after, message, verdict=verdict if judged else None, ended=outcome)


def _commanded(session: QuizSession, item: Item, command: Command) -> SessionStep:
    language = session.language
    if command is Command.HINT:
        return _step(replace(session, hinted=True), said("hint", language, hint=item.hint), again=True)
    if command is Command.TELL:
        return _end(session, item, GradeVerdict.WRONG, verdict_text(item, None), judged=False)
    if command is Command.SKIP:
        return _end(session, item, GradeVerdict.WRONG, said("skipped", language), judged=False)
    if command is Command.STOP:
        return _step(replace(session, stopped=True), said("stopped", language))
    return _changed(session, item, command)


def _changed(session: QuizSession, item: Item, command: Command) -> SessionStep:
    """Return the step with the present item exchanged for another, a harder or an easier one."""
    fitting = {
        Command.HARDER: [other for other in session.spare if other.difficulty > item.difficulty],
        Command.EASIER: [other for other in session.spare if other.difficulty < item.difficulty],
    }.get(command, list(session.spare))
    if not fitting:
        return _step(session, said(f"no_{command.value}", session.language), again=True)
    chosen = min(fitting, key=lambda other: abs(other.difficulty - item.difficulty))
    items = (*session.items[: session.position], chosen, *session.items[session.position + 1 :])
    spare = (*(other for other in session.spare if other != chosen), item)
    changed = replace(session, items=items, spare=spare, tries=0, hinted=False)
    return _step(changed, said("changed", session.language))


def _counted(session: QuizSession) -> SessionStep:
    """Return the step in which the student judges the last near or wrong answer to be right after all."""
    last = session.outcomes[-1] if session.outcomes else None
    if last is None or last.tries == 0 or last.verdict is GradeVerdict.RIGHT:
        return _step(session, said("nothing_to_count", session.language), again=True)
    counted = replace(last, verdict=GradeVerdict.RIGHT)
    return _step(
        replace(session, outcomes=(*session.outcomes[:-1], counted)), said("counted", session.language), ended=counted
    )


def _step(
    session: QuizSession,
    message: str,
    *,
    verdict: GradeVerdict | None = None,
    ended: ItemOutcome | None = None,
    again: bool = False,
) -> SessionStep:
    """Return a step whose message goes on with the item to answer (in short where it is asked ``again``) or the end."""
    item = session.item
    if item is None:
        return SessionStep(session, f"{message}\n\n{_summary(session)}", (), verdict, ended)
    number = session.position + 1
    question = asked(item, number, len(session.items), again=again)
    choices = item.options if item.kind in (ItemKind.CHOICE, ItemKind.TRUE_FALSE) else ()
    commands = tuple(said(f"button_{name}", session.language) for name in ("hint", "skip", "tell"))
    return SessionStep(session, f"{message}\n\n{question}", (*choices, *commands), verdict, ended)


def _summary(session: QuizSession) -> str:
    asked_count = len(session.outcomes)
    lines = [said("score", session.language, score=session.score, count=asked_count)]
    places: dict[str, None] = {}
    for item in session.missed:
        citation = item.citation
        places.setdefault(f"- {citation.module} > {citation.heading_path[-1]}")
    if places:
        lines += [said("read_again", session.language), "\n".join(places)]
    elif asked_count:
        lines.append(said("all_right", session.language))
    return "\n\n".join(lines)
