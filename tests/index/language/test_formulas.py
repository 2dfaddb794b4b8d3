r"""What is a formula, and what is money, a variable of a shell, or a bracket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.formulas import formula_at, formulas, with_names, written
from index.language.sentences import sentence_spans
from index.language.terms import TermExtractor


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("기울기 $x$는 작다.", ["x"]),
        (r"학습률 $\alpha$와 $\beta_1$을 쓴다", [r"\alpha", r"\beta_1"]),
        ("the $n$th of $k$-means", ["n", "k"]),
        (r"2$\times$3", [r"\times"]),
        ("$x$$y$", ["x", "y"]),
        ("over $$a^2$$ lines", ["a^2"]),
        ("$a +\nb$", ["a +\nb"]),
        ("$`a_1`$ as others write", ["a_1"]),
        ("$확률 = 성공/전체$", ["확률 = 성공/전체"]),
        (r"\\$x$", ["x"]),
        (r"$a \$ b$", [r"a \$ b"]),
    ],
)
def test_formulas_are_found(text: str, found: list[str]):
    assert [formula.tex for formula in formulas(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "US$5 or US$6",
        "US$5와 US$ 6",
        "$5~$10",
        "$100만 원에서 $200만 원",
        "costs $5 (or 6$ in Canada)",
        "$5/month or up to 6$",
        "$HOME/$USER and $PATH:$LIB",
        "$HOME and x$",
        "$name은 $age",
        r"\$5 and x\$",
        "`$a` and `b$`",
        "PID는 $$ 이고 $$는",
        "$x\n\ny$",
        "a $ b $ c",
        "$$",
        "$",
        "$" + "x" * 3000 + "$",
    ],
)
def test_money_and_variables_are_no_formulas(text: str):
    assert list(formulas(text)) == []


@pytest.mark.parametrize(
    ("text", "start", "tex"),
    [
        (r"\(x^2\)", 0, "x^2"),
        (r"a \(n - 1\)", 2, "n - 1"),
        (r"\[a = b\]", 0, "a = b"),
        (r"\(a\) first", 0, None),
        (r"see \(below\) it \(there and here\)", 16, None),
        (r"\[1\]", 0, None),
        (r"\[note\]", 0, None),
    ],
)
def test_escaped_brackets_are_formulas_where_they_look_like_it(text: str, start: int, tex: str | None):
    found = formula_at(text, start)
    assert (found.tex if found else None) == tex


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"$\frac{dL}{dW}$", "dL dW"),
        (r"$\alpha$는", "alpha 는"),
        (r"$\mathrm{softmax}(z_i)$", "softmax (z i)"),
        (r"$H_2O$와 $SO_4^{2-}$", "H2O 와 SO4 2-"),
    ],
)
def test_a_formula_is_searched_by_its_names(text: str, names: str):
    assert " ".join(with_names(text).split()) == names


@given(st.text(st.sampled_from("$\\{}_^ab1 |`\n가.!"), max_size=60))
def test_places_stay_where_they_are(text: str):
    assert len(with_names(text)) == len(text)
    for formula in formulas(text):
        assert formula_at(text, formula.start) == formula


@pytest.mark.parametrize("tex", ["x", r"\frac{a}{b}", "a | b"])
def test_what_is_written_is_found(tex: str):
    assert next(formulas(written(tex))).tex == tex
    assert next(formulas(written(tex, is_display=True))).is_display


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("크기는 $n! / k!$이다. 다음은 $a. b$다.", 2),
        ("We use $n! + 1$ and $x. y$ here. Then stop.", 2),
        ("Costs $5. Then $6.", 2),
    ],
)
def test_no_sentence_ends_inside_a_formula(text: str, sentences: int):
    assert len(sentence_spans(text)) == sentences


def test_names_in_formulas_are_terms_and_marks_are_not():
    keys = [term.key for term in TermExtractor().extract(r"The rate $\alpha$ and $\frac{dL}{dW}$ in \text{x}")]
    assert "alpha" in keys
    assert "dl" in keys
    assert "frac" not in keys


def test_a_greek_letter_is_its_name():
    extractor = TermExtractor()
    assert [term.key for term in extractor.extract("α, λ")] == [
        term.key for term in extractor.extract("$\\alpha$ $\\lambda$")
    ]
