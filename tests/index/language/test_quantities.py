import pytest

from index.language.quantities import Quantity, answered, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("90일 동안", {("90", "day")}, id="korean days"),
        pytest.param("for 90 days", {("90", "day")}, id="english days"),
        pytest.param("ninety days", {("90", "day")}, id="english words"),
        pytest.param("three hundred and five files", {("305", "")}, id="long english words"),
        pytest.param("구십 일", {("90", "day")}, id="sino-korean"),
        pytest.param("천오백 년", {("1500", "year")}, id="long sino-korean"),
        pytest.param("이만 시간", {("20000", "hour")}, id="ten thousands"),
        pytest.param("기록은 구십일 뒤에", {("90", "day")}, id="the last syllable is the unit"),
        pytest.param("이백, 삼십오", {("200", ""), ("35", "")}, id="sino-korean without a unit"),
        pytest.param("백 엔드와 천 조각", set(), id="single syllables"),
        pytest.param("64 TiB", {("64", "tebibyte")}, id="binary sizes"),
        pytest.param("3개와 네 번", {("3", "count"), ("4", "")}, id="counted things"),
        pytest.param("두 가지 방법과 세 시간", {("2", ""), ("3", "hour")}, id="native korean"),
        pytest.param("1,000 GB, 5TB", {("1000", "gigabyte"), ("5", "terabyte")}, id="sizes"),
        pytest.param("99.990%", {("99.99", "percent")}, id="trailing zeros"),
        pytest.param("a 15-minute limit", {("15", "minute")}, id="hyphen"),
        pytest.param("S3, EC2, t2.micro, Route53", set(), id="identifiers"),
        pytest.param("1. first\n2. second", set(), id="list numbers"),
        pytest.param("one of them", set(), id="one alone"),
        pytest.param("one day", {("1", "day")}, id="one with a unit"),
        pytest.param("이 일은 어렵습니다", set(), id="words that look like numbers"),
    ],
)
def test_numbers_are_found_with_their_units(text, expected):
    assert quantities(text) == {Quantity(*pair) for pair in expected}


@pytest.mark.parametrize(
    ("text", "number"),
    [("one", "1"), ("zero", "0"), ("The answer is 90 days.", "90")],
    ids=["one", "zero", "a sentence"],
)
def test_a_short_answer_may_be_one_or_none(text, number):
    assert [quantity.number for quantity in answered(text)] == [number]
