import time

import pytest

from assistant.talk.small_talk import Tone, read_small_talk


@pytest.mark.parametrize(
    ("message", "tone"),
    [
        ("안녕하세요", Tone.GREETING),
        ("안녕! 반가워 ㅎㅎ", Tone.GREETING),
        ("좋은 아침이에요 선생님", Tone.GREETING),
        ("Hi there!", Tone.GREETING),
        ("hey, good morning", Tone.GREETING),
        ("정말 감사합니다 선생님!!", Tone.THANKS),
        ("ㄱㅅㄱㅅ", Tone.THANKS),
        ("감사합니다 덕분에 이해했어요!", Tone.THANKS),
        ("thank you so much", Tone.THANKS),
        ("thx", Tone.THANKS),
        ("너 누구야?", Tone.WHO),
        ("넌 사람이야 로봇이야?", Tone.WHO),
        ("너 혹시 챗gpt야?", Tone.WHO),
        ("who are you?", Tone.WHO),
        ("Are you a real person?", Tone.WHO),
        ("뭐 할 수 있어?", Tone.ABILITY),
        ("여기서 뭐 물어볼 수 있어요?", Tone.ABILITY),
        ("what can you do?", Tone.ABILITY),
        ("What kind of questions can I ask?", Tone.ABILITY),
        ("잘 가~", Tone.GOODBYE),
        ("내일 또 올게요!", Tone.GOODBYE),
        ("bye!", Tone.GOODBYE),
        ("틀렸어", Tone.COMPLAINT),
        ("그게 아니잖아요", Tone.COMPLAINT),
        ("왜 이렇게 답을 못해", Tone.COMPLAINT),
        ("No, that's wrong!", Tone.COMPLAINT),
        ("this is useless", Tone.COMPLAINT),
        ("you didn't answer my question", Tone.COMPLAINT),
        ("잘했어!", Tone.PRAISE),
        ("great answer", Tone.PRAISE),
        ("네", Tone.CONSENT),
        ("ok got it", Tone.CONSENT),
        ("아뇨", Tone.REFUSAL),
        ("심심해", Tone.CHAT),
        ("tell me a joke", Tone.CHAT),
        ("how are you today?", Tone.CHAT),
        ("ㅋㅋㅋㅋ", Tone.NOTHING),
        ("👍", Tone.NOTHING),
        ("질문 있어요", Tone.NOTHING),
        ("고마워, 잘 가", Tone.THANKS),
        ("샘 안녕하세요", Tone.GREETING),
        ("you there?", Tone.GREETING),
        ("와 이해됐다", Tone.PRAISE),
        ("gotcha", Tone.PRAISE),
        ("엉뚱한 답만 하네", Tone.COMPLAINT),
        ("nope that's not it", Tone.COMPLAINT),
        ("확실해?", Tone.DOUBT),
        ("are you sure about that?", Tone.DOUBT),
        ("예시 질문 보여줘", Tone.ABILITY),
        ("뭘 물어봐야 할지 모르겠어요", Tone.ABILITY),
        ("영어로 물어봐도 돼?", Tone.ABILITY),
        ("can you speak Korean?", Tone.ABILITY),
        ("굿밤", Tone.GOODBYE),
        ("시험 망했어 ㅠ", Tone.CHAT),
        ("안녕하세요 질문이 있습니다", Tone.GREETING),
    ],
)
def test_what_asks_nothing_of_the_notes_is_small_talk(message: str, tone: Tone | None) -> None:
    assert read_small_talk(message).tone is tone


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("안녕하세요, 람다 제한 시간이 뭐예요?", "람다 제한 시간이 뭐예요?"),
        ("안녕하세요 람다 제한 시간이 뭐예요?", "람다 제한 시간이 뭐예요?"),
        ("고마워 그럼 S3는?", "그럼 S3는?"),
        ("람다 제한 시간이 뭐예요? 감사합니다!", "람다 제한 시간이 뭐예요?"),
        ("틀렸어. CloudTrail 기록은 며칠 보관돼?", "CloudTrail 기록은 며칠 보관돼?"),
        ("hello, what is S3?", "what is S3?"),
        ("hi can you tell me what S3 is", "can you tell me what S3 is"),
        ("What is S3? Thanks!", "What is S3?"),
    ],
)
def test_a_question_is_found_between_greeting_and_thanks(message: str, question: str) -> None:
    read = read_small_talk(message)
    assert (read.tone, read.question) == (None, question)


@pytest.mark.parametrize(
    "message",
    [
        "hello world 프로그램은 어떻게 써?",
        "thanks to IAM roles what changes?",
        "감사는 뭐야?",
        "감사",
        "help me with S3 versioning",
        "test coverage가 뭐야?",
        "S3는 어떻게 써?",
        "what can S3 do?",
        "good practice for IAM?",
        "사람이야?",
        "'안녕하세요'의 품사는?",
        "안녕하세요를 영어로?",
        "hi-res 이미지는?",
        "OK 코드는 200이야?",
        "답이 틀렸는지 어떻게 검사해?",
        "왜 이렇게 커밋을 나눠요?",
        "이름이 뭐로 시작해야 해?",
        "정말로 S3는 무료야?",
        "I have a question about S3",
        "확실한 방법은 뭐야?",
        "hello world",
    ],
)
def test_a_question_that_looks_like_small_talk_stays_as_it_is(message: str) -> None:
    read = read_small_talk(message)
    assert (read.tone, read.question) == (None, message)


@pytest.mark.parametrize("message", ["어떻게 써?", "help", "이름이 뭐야?", "모르겠어요", "I don't get it"])
def test_some_words_speak_of_the_assistant_only_at_the_beginning(message: str) -> None:
    assert read_small_talk(message).needs_no_dialogue


@pytest.mark.parametrize(
    "hostile",
    [
        "안녕 " * 400,
        "정말 " * 60,
        "so " * 50,
        "!" * 2000,
        "너 " * 50,
        "ㅋ" * 2000,
        "hi " * 50 + "x",
        "고마워 " * 500 + "x",
    ],
    ids=["greetings", "very", "so", "marks", "you", "laughs", "hi", "thanks"],
)
def test_time_is_linear_in_the_message(hostile: str) -> None:
    began = time.process_time()
    read_small_talk(hostile)
    assert time.process_time() - began < 0.5
