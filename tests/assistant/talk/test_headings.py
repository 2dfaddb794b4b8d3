import pytest

from assistant.talk.headings import Casing, questions_of

TEXTS = (
    "You scale with Auto Scaling. Choose a Region near you, and a region's cost. The best practices for microservices "
    "are as follows. Attach roles and policies to AWS Organizations."
)


@pytest.mark.parametrize(
    ("heading", "language", "question"),
    [
        ("AWS 개발을 시작하는 순서", "ko", "AWS 개발을 시작하는 순서는 어떻게 되나요?"),
        ("비관리형 서비스와 관리형 서비스의 차이", "ko", "비관리형 서비스와 관리형 서비스의 차이는 무엇인가요?"),
        ("실습: EC2에 역할을 설정하여 S3에 접근하기", "ko", "EC2에 역할을 설정하여 S3에 접근하려면 어떻게 하나요?"),
        ("IDE(통합 개발 환경) 목록", "ko", "IDE(통합 개발 환경)에는 무엇이 있나요?"),
        ("EBS와 EFS의 용량 비교", "ko", "EBS와 EFS의 용량을 비교해 주세요."),
        ("인프라 개요: 리전(Region) 선택 기준", "ko", "리전(Region) 선택 기준은 무엇인가요?"),
        ("실습 환경의 S3", "ko", "실습 환경의 S3에 대해 알려 주세요."),
        ("Best Practices for Microservices", "en", "What are the best practices for microservices?"),
        ("Unmanaged and Managed Services Compared", "en", "How do unmanaged and managed services compare?"),
        ("Capacity of EBS and EFS Compared", "en", "How does the capacity of EBS and EFS compare?"),
        ("What IAM Roles Are For: Temporary Credentials", "en", "What are IAM roles for?"),
        ("When the Instance Role Is Ignored", "en", "When is the instance role ignored?"),
        ("How to Rotate Keys", "en", "How do I rotate keys?"),
        ("Uses of Auto Scaling", "en", "What do the notes say about uses of Auto Scaling?"),
        ("Is S3 Durable?", "en", "Is S3 Durable?"),
    ],
)
def test_a_heading_becomes_the_question_a_student_would_ask(heading: str, language: str, question: str):
    assert next(questions_of(heading, language, Casing([TEXTS]))) == question


def test_an_endless_heading_makes_no_question():
    assert list(questions_of("word " * 40, "en", Casing([]))) == []
