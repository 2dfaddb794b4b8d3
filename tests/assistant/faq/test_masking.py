import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faq.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("mail kim.minsu+aws@univ.ac.kr please", "mail [email] please", id="email"),
        pytest.param("minsu(at)univ.ac.kr", "[email]", id="email-spelt-at"),
        pytest.param("call 010-1234-5678", "call [phone number]", id="korean-mobile"),
        pytest.param("call 01012345678.", "call [phone number].", id="mobile-without-hyphens"),
        pytest.param("02-123-4567로", "[phone number]로", id="seoul-landline"),
        pytest.param("+82 10-1234-5678", "[phone number]", id="international-korean"),
        pytest.param("+1 (415) 555-2671", "[phone number]", id="international-us"),
        pytest.param("(415) 555-2671 ok", "[phone number] ok", id="us-local"),
        pytest.param("it is 990101-1234567", "it is [resident number]", id="resident-number"),
        pytest.param("9901011234567", "[resident number]", id="resident-number-in-one"),
        pytest.param("990101-1******", "[resident number]", id="resident-number-half-starred"),
        pytest.param("4242 4242 4242 4242", "[card number]", id="card-by-luhn"),
        pytest.param("1234-5678-9012-3456", "[card number]", id="card-in-groups-of-four"),
        pytest.param("378282246310005", "[card number]", id="amex"),
        pytest.param("key AKIAIOSFODNN7EXAMPLE!", "key [secret key]!", id="aws-access-key"),
        pytest.param("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY0", "[secret key]", id="aws-secret-key"),
        pytest.param("use ghp_abcdefghijklmnopqrstuvwxyz0123456789", "use [secret key]", id="github-token"),
        pytest.param("sk-proj-abcdefghijklmnop1234", "[secret key]", id="llm-key"),
        pytest.param("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def", "[secret key]", id="jwt"),
        pytest.param("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "[secret key]", id="pem"),
        pytest.param("password: hunter2!", "password: [secret key]", id="password"),
        pytest.param("password is Passw0rd1 why", "password is [secret key] why", id="password-in-a-sentence"),
        pytest.param("student id 20231234", "student id [student number]", id="student-number"),
    ],
)
def test_personal_data_is_replaced_by_what_it_was(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("제 메일은 minsu@univ.ac.kr이에요", "제 메일은 [이메일]이에요", id="email"),
        pytest.param("제 번호는 010.1234.5678인데요", "제 번호는 [전화번호]인데요", id="phone"),
        pytest.param(
            "비밀번호가 abcd1234인데 로그인이 안 돼요", "비밀번호가 [비밀 키]인데 로그인이 안 돼요", id="password"
        ),
        pytest.param("학번 20231234입니다", "학번 [학번]입니다", id="student-number"),
    ],
)
def test_korean_questions_get_korean_words(text: str, masked: str) -> None:
    assert mask(text, "ko") == masked


@pytest.mark.parametrize(
    "text",
    [
        "curl http://169.254.169.254/latest/meta-data/iam/security-credentials/role",
        "arn:aws:iam::123456789012:role/lab-role 은 뭐예요?",
        "arn:aws:s3:::bucket_name/key",
        "What goes into aws_access_key_id and aws_secret_access_key?",
        "400 에러랑 500 에러 차이",
        "10.0.0.0/16 대역에 65536개 주소",
        "AccessDenied: 403 when I use port 3389",
        "Guacamole 비밀번호는 어디에 있나요?",
        "where is the password of the lab's Windows?",
        "2023-11-24 10:30:00에 시작한 실습",
        "https://bucket.s3.ap-northeast-2.amazonaws.com/photos/2023/puppy.jpg",
        "IAM 정책 버전 2012-10-17은 왜 써요?",
        "what does sha256 e3b0c442 mean",
    ],
)
def test_what_course_notes_are_full_of_stays(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(
    st.from_regex(r"[a-z][a-z0-9.]{1,12}@[a-z]{2,10}\.(com|ac\.kr|org)", fullmatch=True),
    st.text("가나 요?\n", max_size=20),
)
def test_no_address_survives_whatever_stands_around_it(address: str, around: str) -> None:
    assert address not in mask(f"{around} {address} {around}")


@pytest.mark.parametrize("unit", ["1", "1 ", "1-", "a.", "a@", "-eyJ", "학번 ", "password", "가", "-----BEGIN "])
def test_time_is_linear_in_the_text(unit):
    text = "학번" + unit * (20_000 // len(unit))
    began = time.process_time()
    mask(text, "ko")
    assert time.process_time() - began < 2.0  # 20,000 digits took 21 seconds


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("a@b.com1@c.org x", "[email] x", id="two-addresses-in-one"),
        pytest.param("x-eyJhbGciOiJI.eyJzdWIiOiIx.abc", "x-[secret key]", id="token-after-a-hyphen"),
        pytest.param("eyJa-eyJhbGciOiJI.eyJzdWIiOiIx", "[secret key]", id="token-with-another-start-inside"),
        pytest.param("학번 : 20231234", "학번 : [student number]", id="student-number-after-a-spaced-colon"),
    ],
)
def test_what_the_linear_patterns_still_find(text, masked):
    assert mask(text) == masked
