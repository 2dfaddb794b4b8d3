"""Front matter in YAML and TOML, also where it is written wrongly."""

import pytest

from index.reading.layout.front_matter import front_matter_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Storage\n---\n", "Storage"),
        ("---\r\ntitle: Storage\r\n---\r\n", "Storage"),
        ("---\ntitle: '따옴표: 하나'\n...\n", "따옴표: 하나"),
        ("---\nTitle: Storage\n---\n", "Storage"),
        ("---\ntitle: >\n  two\n  lines\n---\n", "two lines"),
        ("---\ntitle: 3\n---\n", "3"),
        ("---\ntitle: S3: the basics\nother: x\n---\n", "S3: the basics"),
        ('---\ntitle: "Quoted: twice"\nbad: [\n---\n', "Quoted: twice"),
        ("---\nx: !!python/object:os.system ls\ntitle: Storage\n---\n", "Storage"),
        ("+++\ntitle = 'Storage'\n+++\n", "Storage"),
        ("+++\ntitle = 'x\n+++\n", ""),
        ("---\ntitle: Storage\n", ""),
        ("---\n\nA rule, and prose.\n\n---\n", ""),
        ("text\n---\ntitle: x\n---\n", ""),
        ("---\n- a\n- b\n---\n", ""),
        ("", ""),
    ],
)
def test_the_title_is_read(text: str, title: str):
    assert front_matter_of(text).text("title") == title


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("---\na: b\ntitle: S3: the basics\n---\n", "cannot be read as YAML", 3),
        ("+++\na = \n+++\n", "cannot be read as TOML", 1),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, problem: str, line: int):
    front = front_matter_of(text)
    assert problem in front.problem
    assert front.line == line


@pytest.mark.parametrize(
    ("value", "number"),
    [("3", 3.0), ("-1", -1.0), ("1.5", 1.5), ("'2'", 2.0), ("first", None), ("nan", None), ("inf", None), ("", None)],
)
def test_positions_are_numbers(value: str, number: float | None):
    assert front_matter_of(f"---\nweight: {value}\n---\n").number("weight") == number


def test_the_first_entry_that_says_something_counts():
    front = front_matter_of("+++\nweight = 3\ndate = 2024-03-05\ndraft = true\n[params]\nx = 1\n+++\n")
    assert front.number("sidebar_position", "weight") == 3
    assert (front.flag("draft"), front.flag("published")) == (True, None)
    assert front.text("nothing", "date") == "2024-03-05"


def test_a_long_front_matter_is_read_in_time():
    assert front_matter_of("---\n" + "a: [" * 60_000 + "\n---\n").text("a") != "x"
    assert front_matter_of("---\n" + "x: y\n" * 200_000).entries == {}
