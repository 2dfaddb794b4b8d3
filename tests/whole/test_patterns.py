"""Every regular expression of both packages costs time linear in the text, whoever wrote the text."""

import importlib
import re
import types
from pathlib import Path

import pytest

from assistant.answering.excerpt_markdown import safe
from assistant.images import without_images
from assistant.quiz.leading.commands import command_of, quiz_topic
from tests.helpers.hostile_texts import Found, UnreachableError, modules_of, patterns_of, slowest


def collected() -> list[Found]:
    found: dict[tuple[str, int], Found] = {}
    for package in ("index", "assistant"):
        for module in modules_of(package):
            source = Path(str(module.__file__)).read_text(encoding="utf-8")
            for one in patterns_of(module, source):
                found.setdefault((one.pattern.pattern, one.pattern.flags), one)
    return list(found.values())


@pytest.mark.slow
def test_every_pattern_is_linear_in_the_text():
    slow = {one.place: (one.pattern.pattern, slowest(one.pattern, one.uses)) for one in collected()}
    assert {place: found for place, found in slow.items() if found[1]} == {}


def test_no_pattern_is_forgotten():
    """As many are collected as the sources make, those of one table counted once."""
    places = [one.place for one in collected()]
    assert len(places) > 200
    assert {
        "assistant.understanding.follow_up._ORDINAL_FILLER",
        "assistant.faq.masking._RULES",
        "assistant.quiz.leading.commands._ASKS",
    } <= {*places}


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        pytest.param(r"\s*\[(\d+)\]", 0, id="a-free-repeat-begins-a-search"),
        pytest.param(r"(더|좀)?\s*(더\s*)?(쉽게|간단히)\s*(좀\s*)?$", 0, id="an-old-follow-up"),
        pytest.param(
            r"(에\s?대해서?|좀|더|자세히|다시)?\s*(설명|알려|말)\s?(해\s?)?(줘|주세요|주실래요)?",
            0,
            id="the-old-filler-of-follow-ups",
        ),
        pytest.param(
            r"[\w.+%-]+[ \t]?(?:@|\(at\)|\[at\])[ \t]?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24}",
            0,
            id="the-old-mask-of-e-mail",
        ),
        pytest.param(r"\b(?P<secret>eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)", 0, id="the-old-mask-of-tokens"),
        pytest.param(
            r"학번(?:은|는)?[ \t]*(?:is|[:=#])?[ \t]*(?P<secret>[A-Z]?\d{5,12})", 0, id="the-old-mask-of-numbers"
        ),
        pytest.param(r"(?:\s?(?:줘|줄래요?|요))*[.!?~]*$", 0, id="exponential"),
        pytest.param(r"!\[[^\]]*\]\([^)]*\)", 0, id="an-end-that-never-comes"),
        pytest.param(r"<!--.*?-->", re.DOTALL, id="comments-that-stay-open"),
        pytest.param(r"(?<=[가-힣])며\s*,?\s+(?=\S)", 0, id="behind-a-look-back"),
        pytest.param(r"^\s*\d+[.)]\s", re.MULTILINE, id="blank-lines"),
        pytest.param(r"[A-Za-z]+$", 0, id="the-end-of-the-text"),
        pytest.param(r"(a+)+b", 0, id="nested"),
        pytest.param(r"(?:x|y).*(?:m|n) ", 0, id="from-every-comma-to-the-end"),
    ],
)
def test_a_pattern_that_is_not_linear_is_found(pattern: str, flags: int):
    assert slowest(re.compile(pattern, flags)) is not None


@pytest.mark.parametrize(
    "pattern", [r"(?:(?<!\s)\s+)?\[(\d+)\]", r"\w+", r"^\s*x", r"`[^`]*`", r"(?<![\w.+%-])[\w.+%-]{1,64}@\w+"]
)
def test_a_linear_pattern_passes(pattern: str):
    assert slowest(re.compile(pattern)) is None


@pytest.mark.parametrize(
    "source",
    [
        "import re\ndef f(name):\n    return re.search(name + 'x*', 'y')",
        "from re import search",
        "import re as patterns",
        "import regex",
    ],
    ids=["made-from-an-argument", "imported-by-name", "under-another-name", "another-engine"],
)
def test_a_pattern_out_of_reach_is_refused(source: str):
    module = types.ModuleType("made_up")
    module.re = re
    with pytest.raises(UnreachableError):
        list(patterns_of(module, source))


def test_patterns_are_found_wherever_they_stand():
    source = "import re\nTABLE = {'a': (re.compile('a'), [re.compile('b')])}\ndef f(t):\n    return re.split(r'c', t) or re.match('d', t, re.I)"
    module = types.ModuleType("made_up")
    exec(source, vars(module))
    found = {one.pattern.pattern: one.uses for one in patterns_of(module, source)}
    assert found.keys() == {"a", "b", "c", "d"}
    assert found["d"] == {"match"}


def test_a_module_of_each_package_is_walked():
    assert importlib.import_module("assistant.web.safe_html") in list(modules_of("assistant"))


@pytest.mark.parametrize("hostile", ["![" * 4000, "![](" * 2000, "`" * 8000, "``a`" * 2000, "<" * 8000])
def test_quoted_source_is_made_safe_in_linear_time(hostile: str):
    assert len(safe(hostile)) <= 2 * len(hostile)
    assert without_images(hostile) == hostile


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("![x](y) z", "x z"),
        ("`![x](y)` <b>", "`![x](y)` \\<b>"),
        ("``a ` <`` <", "``a ` <`` \\<"),
        ("![<b>](y)", "\\<b>"),
        ("![![a](b)](c)", "!\\[a](c)"),
        ("![a] (b)", "![a] (b)"),
        ("` <", "` \\<"),
    ],
)
def test_no_image_and_no_tag_comes_alive(source: str, shown: str):
    assert safe(source) == shown


@pytest.mark.parametrize(
    "text", ["힌트" + "줄래요" * 40 + "x", "quiz me on S3" + "!" * 1900 + "x", "퀴즈" + " " * 1900 + "x"]
)
def test_commands_of_a_quiz_are_read_in_linear_time(text: str):
    command_of(text)
    quiz_topic(text)
