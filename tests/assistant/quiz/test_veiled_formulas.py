"""Formulas stay whole while items are made from the lines that hold them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quiz.export import as_anki, as_markdown
from assistant.quiz.making.bank import QuizBank
from assistant.quiz.making.sentence_edits import BLANK
from assistant.quiz.making.source import QuizSource
from assistant.quiz.making.veiled_formulas import holds_formula, unveiled, veiled
from assistant.quiz.records import Item
from index.language.formulas import formulas
from index.reading.notes import parse_note

NOTE = r"""# 모듈 1: 확률

## 분포

- 정규분포: 평균 $\mu$와 분산 $\sigma^2 = 25$로 정해지는 분포
- 이항분포: 시행 횟수 $n$과 성공 확률 $p(x)$로 정해지는 분포
- 포아송분포: 평균 $\lambda$ 하나로 정해지는 분포
- 지수분포: 비율 $1/\lambda$로 정해지는 분포

정규분포의 표준편차는 $\sqrt{\sigma^2}$이며 보통 30일 동안의 값을 쓴다.
표본의 크기가 커지면 평균의 분산은 $\frac{\sigma^2}{n}$으로 줄어든다.
표본이 30개보다 많으면 평균은 정규분포를 따른다고 본다.
"""


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return tuple(QuizBank(QuizSource([parse_note(NOTE, "note.ko.md")])).items)


@given(st.text())
def test_what_is_veiled_comes_back(text: str):
    if not re.search("[\U000f0000-\U000fffff]", text):
        assert unveiled(veiled(text)) == text


def test_no_rule_sees_into_a_veiled_formula():
    text = veiled(r"값은 $f(x) = 25$다")
    assert holds_formula(text)
    assert not re.search(r"[\w(]", text.removeprefix("값은").removesuffix("다").strip())


def test_formulas_of_items_are_those_of_the_note(items: tuple[Item, ...]):
    known = {formula.tex for formula in formulas(NOTE)}
    assert items
    shown = [text for item in items for text in (item.stem, item.answer, item.explanation, *item.options)]
    found = [formula.tex for text in shown for formula in formulas(text)]
    assert found
    assert set(found) <= known
    assert not any(BLANK in tex for tex in found)
    assert not [text for text in shown if text.count("$") % 2]


def test_exported_formulas_are_whole(items: tuple[Item, ...]):
    assert r"$\sigma^2 = 25$" in as_markdown(items) or r"$\lambda$" in as_markdown(items)
    assert "$" not in as_anki(items)
    assert r"\(" in as_anki(items)
