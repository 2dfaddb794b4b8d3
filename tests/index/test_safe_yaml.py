"""YAML from outside: lists, mappings and texts; everything else is an error with its line, at once."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ContentError
from index.language.glossary import load_glossary
from index.reading.facts import load_facts
from index.safe_yaml import MAX_YAML_BYTES, Rows, parse_yaml, read_yaml


def laughing(levels: int) -> str:
    """Return aliases of aliases, each nine times what the one before it stands for."""
    rows = ["- &a0 [x]"]
    rows += [f"- &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("[" * 100_000, 1, "more than 20 lists and mappings", id="brackets"),
        pytest.param("- " * 100_000 + "a", 1, "more than 20 lists and mappings", id="dashes"),
        pytest.param(
            "a:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 300)), 21, "more than 20", id="mappings"
        ),
        pytest.param(laughing(12), 2, "an alias", id="aliases-of-aliases"),
        pytest.param("- &a {b: c}\n- {<<: *a}", 2, "an alias", id="merged-mapping"),
        pytest.param("- *nobody", 1, "an alias", id="unknown-alias"),
        pytest.param("- !!python/object/apply:os.system [ls]", 1, "tags", id="tag"),
        pytest.param("a: !!timestamp 2020-13-45", 1, "tags", id="tagged-date"),
        pytest.param("- {ko: a,\n   ko: b}", 2, "the name 'ko' stands twice", id="twice-the-same-name"),
        pytest.param("- ? [a]\n  : b", 1, "must be a text", id="list-as-a-name"),
        pytest.param("--- a\n--- b\n", 2, "more than one document", id="two-documents"),
        pytest.param("- 'open\n", 2, "cannot be read as YAML", id="unclosed"),
        pytest.param("- a\n- b\x01\n", 2, "no text file should", id="control-character"),
        pytest.param("- a\n- \ud800\n", 2, "no text file should", id="lone-surrogate"),
        pytest.param("- " + "x" * 10_001, 1, "more than 10,000 characters", id="huge-text"),
    ],
)
def test_what_is_no_plain_yaml_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(ContentError, match=reason) as caught:
        parse_yaml(text, "glossary.yaml")
    assert caught.value.line == line
    assert "\n" not in str(caught.value)
    assert time.process_time() - started < 1.0


def test_texts_stay_as_they_are_written() -> None:
    text = "- {date: 2020-13-45, day: 2020-01-01, no: no, on: on, number: 1_000, float: 1.10, empty: , none: ~, q: '~'}"
    (row,) = parse_yaml(text)
    assert row == {
        **{"date": "2020-13-45", "day": "2020-01-01", "no": "no", "on": "on", "number": "1_000", "float": "1.10"},
        **{"empty": None, "none": None, "q": "~"},
    }


def test_an_alias_may_stand_for_a_text() -> None:
    assert parse_yaml("- &a long name\n- *a\n") == ["long name", "long name"]


def test_rows_know_their_lines() -> None:
    rows = parse_yaml("# c\n- a\n\n- [b]\n")
    assert isinstance(rows, Rows)
    assert rows.lines == [2, 4]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        pytest.param(b"- a\n- \xff", 2, "not UTF-8", id="not-utf-8"),
        pytest.param(b"#" * (MAX_YAML_BYTES + 1), None, "over the limit", id="too-large"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(data: bytes, line: int | None, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    with pytest.raises(ContentError, match=reason) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert caught.value.line == line


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="No such file"):
        read_yaml(tmp_path / "a.yaml")


YAML_TEXTS = st.lists(
    st.sampled_from(
        "- |[|]|{|}|: |, |&a |*a |\n|  |'|\"|# |? |ko|en|under|says|asked|a|!t || |> |~|---\n|...\n|%YAML 1.2\n|\t|가".split(
            "|"
        )
    ),
    max_size=40,
).map("".join)


@given(YAML_TEXTS | st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("utf-8", "replace")))
@settings(max_examples=500, deadline=None)
@pytest.mark.parametrize("load", [load_glossary, load_facts])
def test_any_text_is_read_or_told(
    load: Callable[[Path], tuple[object, ...]], tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        rows = load(path)
    except ContentError as error:
        rows = ()
        told = error
    else:
        told = None
    assert told is None or told.file == str(path)
    assert isinstance(rows, tuple)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: !!python/name:os.system\nb: c", {"a": None, "b": "c"}, id="name-tag"),
        pytest.param(
            "a: !!python/object/apply:os.abort []\nb: !ENV [X, y]", {"a": [], "b": ["X", "y"]}, id="tagged-lists"
        ),
        pytest.param("a: &x {b: c}\nd: *x\n<<: *x", {"a": {"b": "c"}, "d": None, "<<": None}, id="aliases"),
        pytest.param("a: b\na: c", {"a": "c"}, id="the-last-of-equal-names"),
        pytest.param("~: a", {"": "a"}, id="no-name"),
        pytest.param("{{ x }}: y", None, id="still-no-yaml"),
    ],
)
def test_of_another_programs_file_what_is_plain_is_read_and_nothing_is_run(text: str, value: object) -> None:
    if value is None:
        with pytest.raises(ContentError, match="must be a text"):
            parse_yaml(text, foreign=True)
    else:
        assert parse_yaml(text, foreign=True) == value
