import pytest

from assistant.talk.slips import Spelling
from index import CourseIndex


@pytest.fixture(scope="module")
def spelling(course_index: CourseIndex) -> Spelling:
    return Spelling(course_index)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        (
            "wats the diffrence betwen managed and unmanaged servies?",
            "what's the difference between managed and unmanaged services?",
        ),
        ("how do i confgure teh credntials", "how do i configure the credentials"),
        ("What is the maxium size of an S3 obejct?", "What is the maximum size of an S3 object?"),
        ("What is Lamda?", "What is Lambda?"),
        ("람다 timout은 얼마야?", "람다 timeout은 얼마야?"),
        ("S3 버킷이 머야?", "S3 버킷이 뭐야?"),
        ("기록은 몇일 보관되요?", "기록은 며칠 보관돼요?"),
        ("어떻해 연결해요?", "어떻게 해 연결해요?"),
    ],
)
def test_slips_in_several_words_are_read(spelling: Spelling, question: str, read: str) -> None:
    assert spelling.read(question).question == read


@pytest.mark.parametrize(
    "question",
    [
        "How long are CloudTrail events kept?",
        "what is terraform",
        "how does istio work with redis and kafka",
        "What is ECR?",
        "How do I use SnapStart?",
        "kubectl get pods",
        "dynamodb on-demand",
        "how long does a presigned url stay valid",
        "can I keep it in a public Git repo?",
        "backend crashed",
        "wifi password in the lecture room?",
        "liveness probe",
        "what is n in y = a + b",
        "aws_acces_key",
        "CloudTrail 기록은 며칠 보관돼?",
    ],
)
def test_names_and_rare_words_are_no_slips(spelling: Spelling, question: str) -> None:
    assert spelling.read(question).question == question
