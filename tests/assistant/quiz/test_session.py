import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quiz.leading.browser_state import StoredSession
from assistant.quiz.leading.grading import GradeVerdict
from assistant.quiz.leading.session import QuizSession, begin, reply
from assistant.quiz.making.bank import draw
from assistant.quiz.records import ItemKind
from tests.helpers.quiz_course import course_bank, item_of

LEXICON = course_bank().source.lexicon


def quiz(language="en", count=4, seed=1):
    items = draw(course_bank().select(language), count + 8, seed)
    return begin("S3", items[:count], items[count:])


def right(session):
    item = session.item
    return "; ".join(item.steps) if item.kind is ItemKind.ORDERING else item.answer


def wrong(session):
    item = session.item
    if item.kind is ItemKind.ORDERING:
        return "; ".join(reversed(item.steps))
    return next((option for option in item.options if option != item.answer), "banana bread")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_right_answers_lead_to_the_end_with_full_score(language):
    step = quiz(language)
    while not step.session.finished:
        step = reply(step.session, right(step.session), LEXICON)
        assert step.verdict is GradeVerdict.RIGHT
        assert "[1]" in step.message
        assert step.ended.item.citation.quote
    assert step.session.score == 4
    assert step.session.missed == ()
    assert step.buttons == ()


def test_a_wrong_answer_gets_a_hint_first_and_the_key_after_the_second():
    step = quiz()
    item = step.session.item
    first = reply(step.session, wrong(step.session), LEXICON)
    assert first.verdict is GradeVerdict.WRONG
    assert first.session.item == item
    assert item.hint in first.message
    assert first.ended is None
    second = reply(first.session, wrong(first.session), LEXICON)
    assert item.answer in second.message
    assert second.ended.verdict is GradeVerdict.WRONG
    assert second.ended.tries == 2
    assert second.session.position == 1


def test_right_after_a_hint_counts_but_is_to_be_read_again():
    step = quiz()
    item = step.session.item
    step = reply(step.session, wrong(step.session), LEXICON)
    step = reply(step.session, right(step.session), LEXICON)
    assert step.session.score == 1
    assert step.session.missed == (item,)


@pytest.mark.parametrize(("said", "position"), [("just tell me", 1), ("skip", 1), ("hint", 0), ("another one", 0)])
def test_commands_work_at_any_time(said, position):
    step = quiz()
    item = step.session.item
    after = reply(step.session, said, LEXICON)
    assert after.session.position == position
    assert after.verdict is None
    assert after.session.score == 0
    if said == "just tell me":
        assert item.answer in after.message
    if said == "another one":
        assert after.session.item != item
        assert item in after.session.spare


@pytest.mark.parametrize(("said", "sign"), [("harder", 1), ("easier", -1), ("더 어렵게", 1), ("더 쉽게", -1)])
def test_harder_and_easier_change_the_difficulty(said, sign):
    middle = item_of(ItemKind.CHOICE, structure="term")
    others = [item for item in course_bank().select("en") if item.difficulty in (1, 4)][:40]
    step = reply(begin("S3", [middle], others).session, said, LEXICON)
    assert (step.session.item.difficulty - middle.difficulty) * sign > 0


def test_without_other_items_the_question_stays():
    step = begin("S3", [item_of(ItemKind.CHOICE)])
    after = reply(step.session, "harder", LEXICON)
    assert after.session == step.session
    assert "no harder" in after.message


def test_an_unreadable_choice_is_asked_again_without_counting():
    step = begin("S3", [item_of(ItemKind.CHOICE)])
    after = reply(step.session, "the one in the middle", LEXICON)
    assert after.session.tries == 0
    assert after.verdict is GradeVerdict.NEAR


def test_a_near_answer_can_be_counted_by_the_student():
    item = item_of(ItemKind.CLOZE, answer="operating system")
    step = begin("ECS", [item])
    step = reply(step.session, "system", LEXICON)
    assert step.verdict is GradeVerdict.NEAR
    step = reply(step.session, "system", LEXICON)
    assert step.session.score == 0
    assert "count it" in step.message
    step = reply(step.session, "count it", LEXICON)
    assert step.session.score == 1


def test_there_is_nothing_to_count_after_a_skip():
    step = reply(quiz().session, "skip", LEXICON)
    assert reply(step.session, "count it", LEXICON).session.score == 0


def test_stopping_sums_up_what_was_answered():
    step = quiz()
    step = reply(step.session, right(step.session), LEXICON)
    step = reply(step.session, "stop", LEXICON)
    assert step.session.finished
    assert "1 of 1" in step.message
    assert reply(step.session, "True", LEXICON).session == step.session


def test_a_quiz_needs_an_item():
    with pytest.raises(ValueError, match="needs an item"):
        begin("S3", [])


REPLIES = st.sampled_from(
    ["A", "b", "2", "True", "X", "skip", "hint", "harder", "easier", "another one", "just tell me", "count it", "역할",
     "role", "90 days", "C, B, A, D", "", "  ", "<b>", "정답 알려 줘", "모르겠어요"]
)  # fmt: skip


def kept(session: QuizSession) -> QuizSession:
    """The session after its stay in the browser."""
    stored = StoredSession.model_validate_json(StoredSession.of(session).model_dump_json())
    return stored.session({item.id: item for item in (*session.items, *session.spare)}.get)


@given(replies=st.lists(REPLIES, max_size=25), seed=st.integers(0, 50), language=st.sampled_from(["ko", "en"]))
@settings(max_examples=40, deadline=None)
def test_any_replies_keep_a_sound_session_that_survives_json(replies, seed, language):
    step = quiz(language, 3, seed)
    for said in replies:
        again = kept(step.session)
        assert again == step.session
        step = reply(again, said, LEXICON)
        assert len(step.session.items) == 3
        assert len({item.id for item in (*step.session.items, *step.session.spare)}) == 11
        assert 0 <= step.session.score <= step.session.position <= 3
        assert step.message
