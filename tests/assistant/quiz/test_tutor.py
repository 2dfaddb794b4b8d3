import json

import pytest

from assistant.quiz.leading.tutor import QuizTutor
from assistant.quiz.making.bank import QuizBank
from assistant.quiz.records import ItemKind
from assistant.serving.assistant import Assistant
from tests.helpers.quiz_course import course_bank


@pytest.fixture(scope="module")
def tutor(assistant: Assistant) -> QuizTutor:
    return QuizTutor(assistant, course_bank())


def test_the_index_and_the_folder_give_the_same_items(course_index, settings):
    assert QuizBank.from_notes(course_index.notes, settings.dir).items == course_bank().items


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("IAM 역할은 언제 쓰나요?", "developing-on-aws/03-iam#2"),
        ("What encryption in S3 covers", "developing-on-aws/05-s3-storage#8"),
        ("CloudTrail 기록의 저장 기간", "developing-on-aws/01-aws-cloud-computing#21"),
        ("mount targets", "developing-on-aws/05-s3-storage#2"),
    ],
)
def test_a_quiz_asks_about_the_lines_that_answer_its_topic(tutor, topic, place):
    session = tutor.start(topic, seed=3).step.session
    assert 2 <= len(session.items) <= 5
    assert place in {item.place for item in session.items}
    assert {item.language for item in session.items} == {session.language}


def test_the_end_brings_the_full_answer_with_its_citations(tutor):
    lesson = tutor.start("S3의 사용 사례", seed=1)
    while not lesson.step.session.finished:
        session = tutor.unpacked(json.loads(json.dumps(tutor.packed(lesson.step.session))))
        item = session.item
        lesson = tutor.reply(session, ", ".join(item.steps) if item.kind is ItemKind.ORDERING else item.answer)
    assert lesson.answer.grounded
    assert lesson.answer.citations
    assert lesson.answer.grounded
    assert lesson.closing
    assert tutor.reply(lesson.step.session, "네").answer is None


def test_what_the_notes_do_not_say_is_not_quizzed(tutor):
    lesson = tutor.start("김치찌개 끓이는 방법")
    assert lesson.step is None
    assert "찾지 못해서" in lesson.message


def test_without_a_topic_the_student_is_asked_for_one(tutor):
    lesson = tutor.start("  ", language="en")
    assert lesson.step is None
    assert "quiz me on" in lesson.message


def test_the_language_can_be_chosen(tutor):
    assert tutor.start("S3", language="ko").step.session.language == "ko"
