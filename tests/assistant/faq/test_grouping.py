from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from assistant.faq.errors import UnknownItemError
from assistant.faq.grouping.grouper import Grouper
from assistant.faq.grouping.wordings import phrasing_key
from assistant.faq.log import QuestionLog
from assistant.faq.records import ClusterSummary, Entry
from assistant.faq.storage.cluster_store import read_phrasings, read_stored_phrasings, read_summaries, set_out_of_scope
from assistant.faq.storage.database import Database
from assistant.faq.storage.entry_store import save_entry
from assistant.faq.storage.nearest_store import read_kept_apart
from assistant.faq.storage.question_store import delete_empty_clusters, delete_questions_before, read_questions
from assistant.faq.storage.tables import CLUSTERS, PHRASINGS
from index import CourseIndex
from tests.helpers.faq_questions import answer

SAME_IN_TWO_LANGUAGES = (
    "CloudTrail 로그는 며칠 동안 보관되나요?",
    "CloudTrail 기록은 얼마나 보관되나요?",
    "How many days are CloudTrail logs kept?",
)
OTHER = "EFS랑 S3 중에 뭐가 더 비싸요?"
#: The same in a student's plain and oblique words: too far apart to be joined.
OBLIQUE = (
    "S3만 단독으로 쓸 수 있나요?",
    "서버 한 대도 안 띄우고 오브젝트 스토리지만 따로 굴려도 되나요?",
)
#: The same as well: too far apart to be joined, but surely nearer than anything else.
SPLIT = (
    "자격 증명 풀은 뭘 해 주나요?",
    "로그인하고 나온 증표를 클라우드 접근 권한으로 바꿔 주는 건 누가 해요?",
)
NOW_MS = 1_800_000_000_000


@pytest.fixture
def log(database: Database) -> Iterator[QuestionLog]:
    log = QuestionLog(database, clock=lambda: NOW_MS / 1000)
    yield log
    log.close()


def ask(log: QuestionLog, *questions: str, grounded: bool = True) -> None:
    for question in questions:
        log.record(answer(question, grounded=grounded, language="ko" if not question.isascii() else "en"))
    assert log.flush()


def summaries(database: Database) -> list[ClusterSummary]:
    with database.reading() as connection:
        return read_summaries(connection, NOW_MS)


def cluster_of(database: Database, text: str) -> int:
    with database.reading() as connection:
        return connection.execute(sa.select(PHRASINGS.c.cluster_id).where(PHRASINGS.c.text == text)).scalar_one()


def phrasing_of(database: Database, text: str) -> int:
    with database.reading() as connection:
        return connection.execute(sa.select(PHRASINGS.c.id).where(PHRASINGS.c.text == text)).scalar_one()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("S3가 뭐예요?", "s3가  뭐예요", id="case-space-and-mark"),
        pytest.param("What is EC2?!", "what is ec2", id="english"),
        pytest.param("ＥＣ２란?", "EC2란?", id="full-width-letters"),
    ],
)
def test_wordings_that_differ_in_form_only_have_one_key(one: str, other: str) -> None:
    assert phrasing_key(one) == phrasing_key(other)


@pytest.mark.parametrize(("one", "other"), [("400 에러", "500 에러"), ("C++?", "C?"), ("???", "!!!")])
def test_wordings_that_say_something_else_have_other_keys(one: str, other: str) -> None:
    assert phrasing_key(one) != phrasing_key(other)


def test_questions_that_ask_the_same_in_two_languages_become_one_group(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES, OTHER, OTHER)
    assert Grouper(database, course_index).group_new() == 5
    first, second = summaries(database)
    assert (first.count, first.languages) == (3, {"ko": 2, "en": 1})
    assert first.title in SAME_IN_TWO_LANGUAGES
    assert (second.count, second.title) == (2, OTHER)


def test_a_group_keeps_its_number_as_questions_arrive_and_after_a_restart(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, SAME_IN_TWO_LANGUAGES[0], OTHER)
    Grouper(database, course_index).group_new()
    before = {group.identifier for group in summaries(database)}
    ask(log, *SAME_IN_TWO_LANGUAGES[1:])
    Grouper(database, course_index).group_new()
    after = {group.identifier: group.count for group in summaries(database)}
    assert after == {cluster_of(database, SAME_IN_TWO_LANGUAGES[0]): 3, cluster_of(database, OTHER): 1}
    assert set(after) == before


def put_together_wrongly(database: Database, *texts: str) -> None:
    """Store what grouping one by one may lead to: all ``texts`` in the group of the first."""
    cluster = cluster_of(database, texts[0])
    with database.writing() as connection:
        wrong = sa.update(PHRASINGS).where(PHRASINGS.c.text.in_(texts)).values(cluster_id=cluster)
        connection.execute(wrong)
        delete_empty_clusters(connection)


def test_groups_are_formed_anew_whatever_the_order_and_keep_their_numbers(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES, OTHER)
    Grouper(database, course_index).group_new()
    number = cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    put_together_wrongly(database, SAME_IN_TWO_LANGUAGES[0], OTHER)
    grouper = Grouper(database, course_index)
    grouper.regroup()
    assert {cluster_of(database, text) for text in SAME_IN_TWO_LANGUAGES} == {number}
    assert cluster_of(database, OTHER) != number
    assert {group.title for group in summaries(database)} & {OTHER}
    ask(log, OTHER.replace("?", ""), "EFS와 S3 가운데 어느 쪽이 비싼가요?")
    grouper.group_new()
    assert sum(group.count for group in summaries(database)) == 6


@pytest.mark.parametrize("touched", ["moved", "answered", "out-of-scope"])
def test_what_an_instructor_touched_is_not_formed_anew(
    database: Database, log: QuestionLog, course_index: CourseIndex, touched: str
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES[:1], OTHER)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    number = cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    if touched == "moved":
        grouper.move([phrasing_of(database, OTHER)], number)
    else:
        put_together_wrongly(database, SAME_IN_TWO_LANGUAGES[0], OTHER)
        with database.writing() as connection:
            if touched == "answered":
                entry = Entry(0, "", number, "", "질문", "", "답", "", (), False, False, False, 0, 0, 0)
                save_entry(connection, entry, NOW_MS)
            else:
                set_out_of_scope(connection, number, True)
    Grouper(database, course_index).regroup()
    assert cluster_of(database, OTHER) == number


def test_groups_are_formed_anew_by_themselves_as_wordings_come(
    database: Database, log: QuestionLog, course_index: CourseIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []
    grouper = Grouper(database, course_index)
    monkeypatch.setattr(grouper, "regroup", lambda: times.append(1))
    ask(log, *(f"S3 버킷 {number}개는 어떻게 만들어요?" for number in range(7)))
    grouper.group_new()
    assert times == []
    ask(log, OTHER)
    grouper.group_new()
    assert times == [1]


def test_a_summary_counts_declined_thumbs_trend_and_first_and_last(
    database: Database, course_index: CourseIndex
) -> None:
    day_ms = 86_400_000
    for age_days, grounded, helpful in ((10, True, True), (9, False, False), (1, False, None)):
        log = QuestionLog(database, clock=lambda age=age_days: (NOW_MS - age * day_ms) / 1000)
        receipt = log.record(answer(OTHER, grounded=grounded))
        if helpful is not None:
            log.feedback(receipt.identifier, helpful=helpful)
        log.close()
    Grouper(database, course_index).group_new()
    (group,) = summaries(database)
    assert (group.count, group.declined, group.is_gap) == (3, 2, True)
    assert (group.recent, group.before, group.trend) == (1, 2, -1)
    assert group.unhelpful == pytest.approx(0.5)
    assert (group.first_ms, group.last_ms) == (NOW_MS - 10 * day_ms, NOW_MS - day_ms)


def test_merging_by_hand_lasts_and_new_questions_follow(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, SAME_IN_TWO_LANGUAGES[0], OTHER)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    kept = cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    grouper.merge(kept, cluster_of(database, OTHER))
    ask(log, OTHER, SAME_IN_TWO_LANGUAGES[0])
    Grouper(database, course_index).group_new()
    (group,) = summaries(database)
    assert (group.identifier, group.count) == (kept, 4)


def test_groups_that_are_nearly_joined_are_named_for_a_look(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, OBLIQUE[0], OBLIQUE[1], OTHER, *SAME_IN_TWO_LANGUAGES)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    one, two = (cluster_of(database, text) for text in OBLIQUE)
    assert one != two
    (found,) = grouper.perhaps_the_same(one)
    assert found.cluster == two
    assert [match.cluster for match in grouper.perhaps_the_same(two)] == [one]
    assert grouper.perhaps_the_same(cluster_of(database, OTHER)) == []
    with pytest.raises(UnknownItemError):
        grouper.perhaps_the_same(999)


def nearest(database: Database) -> dict[int, int | None]:
    return {group.identifier: group.nearest for group in summaries(database)}


def kept_apart(database: Database) -> set[frozenset[int]]:
    with database.reading() as connection:
        return {frozenset(pair) for pair in read_kept_apart(connection)}


def split_wrongly(database: Database, text: str) -> int:
    """Store what grouping one by one may lead to: ``text`` in a group of its own."""
    with database.writing() as connection:
        cluster = connection.execute(sa.insert(CLUSTERS).values(created_ms=1, title=text)).inserted_primary_key
        assert cluster is not None
        connection.execute(sa.update(PHRASINGS).where(PHRASINGS.c.text == text).values(cluster_id=cluster[0]))
    return int(cluster[0])


def split_in_two(database: Database, log: QuestionLog, course_index: CourseIndex) -> tuple[Grouper, int, int]:
    """Group a question that is split over two groups, and another; return the two with what grouped them."""
    ask(log, *SPLIT, OTHER)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    return grouper, cluster_of(database, SPLIT[0]), cluster_of(database, SPLIT[1])


def test_the_nearest_group_is_noted_until_an_instructor_says_that_it_is_different(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SPLIT, *OBLIQUE, OTHER, *SAME_IN_TWO_LANGUAGES)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    one, two = (cluster_of(database, text) for text in SPLIT)
    far = dict.fromkeys(cluster_of(database, text) for text in (*OBLIQUE, OTHER, SAME_IN_TWO_LANGUAGES[0]))
    grouper.regroup()
    assert nearest(database) == {one: two, two: one, **far}
    assert [match.cluster for match in grouper.perhaps_the_same(one)] == [two]
    assert grouper.perhaps_the_same(one, leaving_out=[two]) == []

    grouper.keep_apart(two, one)
    grouper.keep_apart(one, two)
    assert nearest(database) == {one: None, two: None, **far}
    assert grouper.perhaps_the_same(one) == grouper.perhaps_the_same(two) == []
    Grouper(database, course_index).regroup()
    assert nearest(database) == {one: None, two: None, **far}
    assert kept_apart(database) == {frozenset((one, two))}
    for pair in ((one, 999), (999, one), (one, one)):
        with pytest.raises(UnknownItemError):
            grouper.keep_apart(*pair)


def test_the_nearest_groups_are_noted_anew_after_a_correction(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    grouper, one, two = split_in_two(database, log, course_index)
    other = cluster_of(database, OTHER)
    assert nearest(database) == {one: two, two: one, other: None}
    grouper.merge(one, other)
    grouper.group_new()
    assert nearest(database) == {one: None, two: None}, "what was merged is no longer near enough"
    grouper.move([phrasing_of(database, OTHER)], None)
    grouper.group_new()
    assert nearest(database) == {one: two, two: one, cluster_of(database, OTHER): None}


def test_groups_that_are_different_are_never_joined_by_the_program(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES, OTHER)
    Grouper(database, course_index).group_new()
    one = cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    two = split_wrongly(database, SAME_IN_TWO_LANGUAGES[1])
    grouper = Grouper(database, course_index)
    grouper.keep_apart(one, two)
    grouper.regroup()
    assert cluster_of(database, SAME_IN_TWO_LANGUAGES[1]) == two
    assert {cluster_of(database, text) for text in SAME_IN_TWO_LANGUAGES} == {one, two}
    ask(log, "CloudTrail 로그는 며칠이나 보관돼요?")
    grouper.group_new()
    assert cluster_of(database, SAME_IN_TWO_LANGUAGES[0]) == one
    assert cluster_of(database, SAME_IN_TWO_LANGUAGES[1]) == two


def test_what_is_different_from_a_group_is_different_from_the_one_that_it_becomes(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES, OTHER, OBLIQUE[0])
    Grouper(database, course_index).group_new()
    same, other, oblique = (cluster_of(database, text) for text in (SAME_IN_TWO_LANGUAGES[0], OTHER, OBLIQUE[0]))
    part = split_wrongly(database, SAME_IN_TWO_LANGUAGES[1])
    grouper = Grouper(database, course_index)
    grouper.keep_apart(part, other)
    grouper.keep_apart(oblique, other)
    grouper.regroup()
    assert cluster_of(database, SAME_IN_TWO_LANGUAGES[1]) == same, "the program joined the parts"
    assert kept_apart(database) == {frozenset((same, other)), frozenset((oblique, other))}
    grouper.merge(same, oblique)
    assert kept_apart(database) == {frozenset((same, other))}
    grouper.move([phrasing_of(database, OTHER)], same)
    assert kept_apart(database) == set(), "an instructor thought better of it"


def test_what_is_split_off_by_hand_is_not_offered_again(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    grouper, one, two = split_in_two(database, log, course_index)
    grouper.merge(one, two)
    new = grouper.move([phrasing_of(database, SPLIT[1])], None)
    grouper.group_new()
    assert nearest(database) == dict.fromkeys([one, new, cluster_of(database, OTHER)])
    assert grouper.perhaps_the_same(one) == []


def test_a_question_split_off_by_hand_stays_apart(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, *SAME_IN_TWO_LANGUAGES)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    new = grouper.move([phrasing_of(database, SAME_IN_TWO_LANGUAGES[2])], None)
    ask(log, *SAME_IN_TWO_LANGUAGES)
    Grouper(database, course_index).group_new()
    counts = {group.identifier: group.count for group in summaries(database)}
    assert counts == {cluster_of(database, SAME_IN_TWO_LANGUAGES[0]): 4, new: 2}


def test_moving_the_last_question_of_a_group_removes_the_group(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, SAME_IN_TWO_LANGUAGES[0], OTHER)
    grouper = Grouper(database, course_index)
    grouper.group_new()
    target = cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    assert grouper.move([phrasing_of(database, OTHER)], target) == target
    assert [group.identifier for group in summaries(database)] == [target]
    with database.reading() as connection:
        moved = [phrasing.text for phrasing in read_phrasings(connection, target) if phrasing.by_hand]
    assert moved == [OTHER]


def test_what_does_not_exist_cannot_be_moved_or_merged(database: Database, course_index: CourseIndex) -> None:
    grouper = Grouper(database, course_index)
    with pytest.raises(UnknownItemError):
        grouper.merge(1, 2)
    with pytest.raises(UnknownItemError):
        grouper.move([77], None)


def test_deleted_questions_take_their_groups_along_and_grouping_goes_on(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, OTHER, OBLIQUE[0])
    grouper = Grouper(database, course_index)
    grouper.group_new()
    grouper.keep_apart(cluster_of(database, OTHER), cluster_of(database, OBLIQUE[0]))
    with database.writing() as connection:
        assert delete_questions_before(connection, NOW_MS + 1) == 2
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(CLUSTERS)).scalar() == 0
    assert kept_apart(database) == set()
    ask(log, OTHER)
    grouper.reload()
    assert grouper.group_new() == 1
    assert [group.count for group in summaries(database)] == [1]


def test_vectors_of_another_encoder_are_made_anew(
    database: Database, log: QuestionLog, course_index: CourseIndex
) -> None:
    ask(log, SAME_IN_TWO_LANGUAGES[0], OTHER)
    Grouper(database, course_index).group_new()
    with database.writing() as connection:
        connection.execute(sa.update(PHRASINGS).values(encoder="another", vector=b"\0" * 8))
    nearest = Grouper(database, course_index).nearest(SAME_IN_TWO_LANGUAGES[1])
    assert nearest is not None
    assert nearest.cluster == cluster_of(database, SAME_IN_TWO_LANGUAGES[0])
    with database.reading() as connection:
        stored = read_stored_phrasings(connection)
    assert {phrasing.encoder for phrasing in stored} == {course_index.manifest.fingerprint}
    assert all(phrasing.vector.any() for phrasing in stored)


def test_a_group_out_of_scope_is_marked(database: Database, log: QuestionLog, course_index: CourseIndex) -> None:
    ask(log, "시험 언제 봐요?", grounded=False)
    Grouper(database, course_index).group_new()
    with database.writing() as connection:
        set_out_of_scope(connection, summaries(database)[0].identifier, True)
    assert summaries(database)[0].out_of_scope
    with database.reading() as connection:
        assert all(question.phrasing for question in read_questions(connection))
