import pytest

from assistant.quiz.making.sentence_edits import blank_out, exchange, is_sentence, stands_alone, without_glosses


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("IAM 역할(role)은 임시 자격 증명(temporary credentials)에 씁니다.", "IAM 역할은 임시 자격 증명에 씁니다."),
        ("EC2(Elastic Compute Cloud)", "EC2"),
        ("Lambda(람다)와 Kubernetes(쿠버네티스)", "Lambda와 Kubernetes"),
        ("EC2 (Elastic Compute Cloud)", "EC2"),
        ("IAM (Identity and Access Management)", "IAM"),
        ("an AK (access key) and SK (secret key)", "an AK and SK"),
        ("파드를 삭제(예: 노드 종료)합니다.", "파드를 삭제(예: 노드 종료)합니다."),
        ("User Pool ( 사용자를 관리 )", "User Pool ( 사용자를 관리 )"),
        ("the role(s) of the user", "the role(s) of the user"),
        ("역할을 설정합니다(값은 비워 둡니다).", "역할을 설정합니다(값은 비워 둡니다)."),
    ],
)
def test_glosses_are_dropped_and_what_says_something_is_kept(text, plain):
    assert without_glosses(text) == plain


@pytest.mark.parametrize(
    ("text", "word", "blank"),
    [
        ("EFS는 파일을 공유합니다.", "EFS", "____은(는) 파일을 공유합니다."),
        ("마운트 대상을 만듭니다.", "마운트 대상", "____을(를) 만듭니다."),
        ("EC2와 EFS", "EC2", "____과(와) EFS"),
        ("S3로 보냅니다.", "S3", "____(으)로 보냅니다."),
        ("IAM 역할로는 됩니다.", "IAM 역할", "____(으)로는 됩니다."),
        ("STS의 자격 증명", "STS", "____의 자격 증명"),
        ("단위는 작업입니다.", "작업", "단위는 ____입니다."),
        ("create a mount target.", "mount target", "create a(n) ____."),
        ("An identity pool is a tool.", "identity pool", "A(n) ____ is a tool."),
        ("EC2 abstracts it.", "EC2", "____ abstracts it."),
    ],
)
def test_a_blank_hides_what_particles_and_articles_would_tell(text, word, blank):
    start = text.index(word)
    assert blank_out(text, start, start + len(word)) == blank


@pytest.mark.parametrize(
    ("text", "old", "new", "changed"),
    [
        ("EFS는 비쌉니다.", "EFS", "CloudTrail", "CloudTrail은 비쌉니다."),
        ("역할을 씁니다.", "역할", "사용자", "사용자를 씁니다."),
        ("사용자가 있습니다.", "사용자", "역할", "역할이 있습니다."),
        ("S3로 갑니다.", "S3", "Auto Scaling", "Auto Scaling으로 갑니다."),
        ("버킷으로 갑니다.", "버킷", "메일", "메일로 갑니다."),
        ("EC2와 EFS", "EC2", "작업", "작업과 EFS"),
        ("EC2에서 씁니다.", "EC2", "ECS", "ECS에서 씁니다."),
        ("create a role.", "role", "access key", "create an access key."),
        ("An EC2 instance", "EC2", "database", "A database instance"),
        ("use a task.", "task", "S3 bucket", "use an S3 bucket."),
        ("use an object.", "object", "user pool", "use a user pool."),
        ("Microservices are small.", "Microservices", "containers", "Containers are small."),
    ],
)
def test_an_exchanged_word_brings_its_grammar(text, old, new, changed):
    start = text.index(old)
    assert exchange(text, start, start + len(old), new) == changed


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("EFS는 파일을 공유합니다.", True),
        ("파드를 호스트한다.", True),
        ("빅 데이터 분석", False),
        ("Manual scaling", False),
        ("A 400 is an error in the application.", True),
        ("the previous style of S3 object URLs.", False),
    ],
)
def test_sentences_are_told_from_names(text, whole):
    assert is_sentence(text) is whole


@pytest.mark.parametrize(
    ("text", "language", "alone"),
    [
        ("EFS는 S3에 비해 비쌉니다.", "ko", True),
        ("이는 데이터 손실로 이어질 수 있다.", "ko", False),
        ("따라서 역할을 씁니다.", "ko", False),
        ("S3의 사용 사례는 다음과 같습니다.", "ko", False),
        ("EFS is expensive compared with S3.", "en", True),
        ("This is the recommended way.", "en", False),
        ("The use cases of S3 are as follows.", "en", False),
    ],
)
def test_sentences_that_lean_on_others_are_not_asked(text, language, alone):
    assert stands_alone(text, language) is alone
