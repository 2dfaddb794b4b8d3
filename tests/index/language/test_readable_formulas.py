import time

import pytest

from index.language.readable_formulas import readable, without_marks


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{a}{b} \le \alpha", "a/b ≤ α"),
        (r"\frac{dL}{dW}", "dL/dW"),
        (r"P(A|B) = \frac{P(B|A)P(A)}{P(B)}", "P(A|B) = (P(B|A)P(A))/(P(B))"),
        (r"\sqrt{2\pi\sigma^2}", "√(2πσ²)"),
        (r"x_{i+1} = x_i - \eta \nabla f(x_i)", "x_(i+1) = x_i - η ∇ f(x_i)"),
        (r"H_2O", "H₂O"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\text{정확도} = \frac{TP}{TP + FP}", "정확도 = TP/(TP + FP)"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a = b c = d"),
        (r"\Sigma \lambda \varepsilon", "Σ λ ε"),
        (r"\left( \mathbf{W}^\top x \right)", "( W^⊤ x )"),
        (r"50\%", "50%"),
    ],
)
def test_a_formula_is_readable(tex: str, text: str):
    assert readable(tex) == text


def test_only_formulas_change():
    assert without_marks(r"비용은 $5, 학습률은 $\eta$이다") == "비용은 $5, 학습률은 η이다"


@pytest.mark.parametrize(
    "tex", ["{" * 5000, "}" * 5000, r"\frac" * 3000, "^" * 5000, r"\sqrt{" * 3000, "\\", "_{", "a^", ""]
)
def test_broken_formulas_are_read_in_linear_time(tex: str):
    started = time.process_time()
    readable(tex)
    assert time.process_time() - started < 2
