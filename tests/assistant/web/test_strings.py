import re
from pathlib import Path

import pytest

from assistant.web.strings import CATALOGUE, load_strings

FAQ = CATALOGUE.with_name("faq_strings.yaml")
HANGUL = re.compile("[가-힣]")
#: Said in the other language on purpose: they name it to who speaks it.
OTHER = {"nav.other_language", "nav.other_language_label", "notes.edition"}


def test_both_languages_have_the_same_keys_and_placeholders():
    korean, english = load_strings()["ko"], load_strings()["en"]
    assert set(korean) == set(english)
    for key in korean:
        assert sorted(re.findall(r"\{\w+\}", korean[key])) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_no_text_is_in_the_wrong_language():
    for language, strings in load_strings().items():
        for key in strings:
            if key not in OTHER:
                assert bool(HANGUL.search(strings[key])) == (language == "ko"), key


@pytest.mark.parametrize(
    ("language", "count", "said"), [("en", 1, "1 time"), ("en", 0, "0 times"), ("en", 2, "2 times"), ("ko", 1, "1번")]
)
def test_a_count_of_one_reads_right(language: str, count: int, said: str):
    assert load_strings(FAQ)[language].format("instructor.count", count=count) == said


def test_a_missing_translation_is_named(tmp_path: Path):
    path = tmp_path / "strings.yaml"
    path.write_text("chat:\n  send: {ko: 보내기}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"chat\.send"):
        load_strings(path)


def test_every_text_is_used():
    folder = CATALOGUE.parent
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in {".py", ".html", ".js"}
    )
    groups_read_whole = ("help_", "status.", "chat.reason_", "chat.quiz_", "help.")
    unused = [
        key
        for key in load_strings()["ko"]
        if not key.startswith(groups_read_whole)
        and key.removesuffix("_one") not in code
        and f"strings.{key.partition('.')[2]}" not in code
    ]
    assert unused == []
