"""What a quiz in the chat makes of a conversation, without a browser."""

from dataclasses import replace

import pytest

from assistant.quiz.leading.replies import said
from assistant.serving.service import AssistantService
from assistant.web.app_context import AppContext
from assistant.web.chat.archive import Archive, QuizStep, from_json, to_json
from assistant.web.chat.export import to_markdown
from assistant.web.chat.quiz_chat import QuizChat
from assistant.web.chat.quiz_view import quiz_html, quiz_options
from assistant.web.sources import note_link
from assistant.web.strings import load_strings


@pytest.fixture(scope="module")
def site(assistant, settings) -> AppContext:
    service = AssistantService(lambda: assistant)
    service.reload()
    return AppContext(service, settings, load_strings())


class Talk:
    """A conversation that is asked and answered by the quiz alone."""

    def __init__(self, site: AppContext) -> None:
        self.quiz = QuizChat(site)
        self.bank = site.tutor.current().bank
        self.archive = Archive()

    def say(self, text: str, *, as_quiz: bool = False):
        """Ask, keep the answer as a browser does, and return what the quiz made of it."""
        self.archive = self.archive.asked(text, as_quiz=as_quiz)
        turn = self.quiz.turn(self.archive.conversation)
        if turn is not None:
            number = len(self.archive.conversation.exchanges) - 1
            self.archive = from_json(to_json(self.archive.changed(number, turn.finish)))
        return turn

    @property
    def step(self) -> QuizStep | None:
        return self.archive.conversation.last.quiz

    @property
    def item(self):
        session = self.step.session
        return self.bank.item(session["items"][len(session["outcomes"])])

    def answer_rightly(self):
        return self.say("; ".join(self.item.steps) or self.item.answer)


@pytest.fixture
def talk(site) -> Talk:
    return Talk(site)


@pytest.mark.parametrize(
    ("question", "language"),
    [("IAM 역할을 퀴즈로 설명해줘", "ko"), ("quiz me on IAM roles", "en"), ("S3 퀴즈 내 줘", "ko")],
    ids=["korean", "english", "english-name"],
)
def test_a_quiz_is_led_to_its_cited_answer(talk, question, language):
    turn = talk.say(question)
    assert turn.asked.language == language
    assert turn.answer is None
    while talk.archive.conversation.quiz:
        turn = talk.answer_rightly()
        assert turn.asked is None
        assert talk.step.citation is not None
    assert talk.step.language == turn.answer.language == language
    assert turn.answer.citations
    assert talk.step.closing == said("full_answer", language)
    assert talk.step.read_again == ()


@pytest.mark.parametrize(
    "question", ["CloudTrail 기록은 며칠 보관돼?", "퀴즈는 어떻게 만들어지나요?", "skip", "another one"]
)
def test_ordinary_questions_are_none_of_its_business(talk, question):
    assert talk.say(question) is None


def test_the_switch_makes_a_quiz_of_any_question(talk):
    assert talk.say("When are IAM roles used?", as_quiz=True).step.running
    assert talk.step.language == "en"


def test_without_a_topic_it_is_on_what_was_last_answered(talk, assistant):
    answer = assistant.ask("CloudTrail 기록은 며칠 보관돼?")
    talk.archive = talk.archive.asked(answer.question).with_last(answer=answer, state="done")
    assert talk.say("퀴즈 내 줘").asked.question == answer.standalone


@pytest.mark.parametrize(("request_text", "language"), [("퀴즈 내 줘", "ko"), ("quiz me", "en")])
def test_without_any_topic_it_asks_for_one_and_takes_the_reply_for_it(talk, request_text, language):
    assert talk.say(request_text).step.message == said("which_topic", language)
    assert talk.say("S3").step.running
    assert talk.step.language == language


def test_what_the_notes_do_not_say_is_declined_like_a_question(talk):
    turn = talk.say("quiz me on DynamoDB partition keys")
    assert turn.step is None
    assert not turn.answer.grounded
    assert turn.answer == turn.asked
    assert turn.answer.suggestions


def test_what_gives_no_items_is_answered_with_a_word_about_it(talk, site, monkeypatch):
    monkeypatch.setattr(type(talk.bank), "select", lambda *_, **__: [])
    turn = talk.say("quiz me on S3")
    assert turn.answer.grounded
    assert turn.step.message.startswith("There are no questions on")
    assert not turn.step.running


def test_a_request_in_the_middle_of_a_quiz_begins_another(talk):
    talk.say("quiz me on S3")
    assert talk.say("quiz me on IAM roles").asked.question == "IAM roles"
    first = talk.item
    assert talk.say("다른 문제 내줘").asked is None  # a command, although it reads like a request
    assert talk.item != first


def test_after_its_end_a_miss_can_be_counted_and_another_quiz_begun(talk):
    talk.say("quiz me on S3")
    while talk.archive.conversation.quiz:
        missed = talk.item
        talk.say("entirely wrong, sorry")
        talk.say("entirely wrong, sorry") if talk.archive.conversation.quiz and talk.item == missed else None
        while talk.archive.conversation.quiz and talk.item == missed:
            talk.say("just tell me")
    assert talk.step.read_again
    assert talk.say("another one").step.running
    talk.say("stop")
    assert not talk.step.running


def test_changed_notes_or_a_tampered_session_end_the_quiz_with_a_word(talk):
    talk.say("quiz me on S3")
    for broken in ({"items": ["none"], "spare": []}, {"items": 3}, {}):
        before = talk.archive.with_last(quiz=replace(talk.step, session=broken))
        turn = talk.quiz.turn(before.asked("A").conversation)
        assert "have changed" in turn.step.message
        assert not turn.step.running


def test_a_step_is_shown_with_its_line_its_choices_and_what_to_read_again(talk, site):
    strings = site.strings["en"]
    talk.say("quiz me on IAM roles")
    while talk.archive.conversation.quiz:
        if talk.step.options:
            shown = [option["value"] for option in quiz_options(talk.step)]
            assert shown == list(talk.item.options)
            assert 'class="body ask pick"' in quiz_html(talk.step, strings)
        talk.say("just tell me")
        html = quiz_html(talk.step, strings)
        assert html.count(f'href="{note_link(talk.step.citation)}"') >= 2
        assert talk.step.citation.module.split(":")[0] in html
    assert html.count("<li><a href=") == len({place.heading_path for place in talk.step.read_again})
    assert talk.step.closing in html


def test_what_a_quiz_says_is_text(site):
    html = quiz_html(QuizStep("<img src=x> [1]", "en", options=("<b>", "x", "y")), site.strings["en"])
    assert "<img" not in html


def test_a_quiz_is_exported_with_the_lines_behind_it_and_its_answer(talk, site):
    talk.say("quiz me on IAM roles")
    stems = []
    while talk.archive.conversation.quiz:
        stems.append(talk.item.stem.split("\n")[-1])
        talk.say("just tell me")
    text = to_markdown(talk.archive.conversation, site.strings["en"])
    assert all(stem.replace("_", "\\_") in text for stem in stems)
    assert talk.step.closing in text
    assert text.count("03-iam.en.md") >= len(stems)
    assert talk.archive.conversation.last.answer.text in text


def test_after_a_quiz_the_conversation_goes_on_from_its_topic(talk, assistant):
    talk.say("quiz me on IAM roles")
    talk.say("stop")
    talk.archive = talk.archive.asked("Tell me in more detail, please.")
    history = talk.archive.conversation.history()
    assert [turn.question for turn in history] == ["IAM roles"]
    assert assistant.ask("Tell me in more detail, please.", history=history).standalone == "IAM roles"
