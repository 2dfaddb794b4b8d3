r"""Maths in notes: in lines, over several, in lists, quotes and tables."""

import pytest

from index import Block, BlockKind
from index.reading.notes import parse_note


def blocks(text: str) -> list[Block]:
    return [block for section in parse_note(text, "note.md").sections for block in section.blocks]


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "lines", "formula"),
    [
        ("$$\na = b\n- c\n$$", (1, 4), "$$a = b\n- c$$"),
        ("$$ x^2 $$", (1, 1), "$$x^2$$"),
        ("$$ x^2 $$ (eq. 1)", (1, 1), "$$x^2$$"),
        ("$$\nx^2\n$$ {#eq-one}", (1, 3), "$$x^2$$"),
        ("$$\na\n\n# b\n$$", (1, 5), "$$a\n\n# b$$"),
        ("\\[\nx^2\n\\]", (1, 3), "$$x^2$$"),
        ("```math\n\\alpha\n```", (1, 3), "$$\\alpha$$"),
        ("```{math}\n:label: one\n\nx^2\n```", (1, 5), "$$x^2$$"),
        ("\\begin{align}\na &= b\n\\end{align}", (1, 3), "$$\\begin{align}\na &= b\n\\end{align}$$"),
        ("- item\n\n  $$\n  x\n  $$\n", (3, 5), "$$x$$"),
        ("> quoted\n> $$\n> x\n> $$", (2, 4), "$$x$$"),
        ("설명:\n$$\nx\n$$\n이다.", (2, 4), "$$x$$"),
    ],
)
def test_displayed_maths_is_a_block_with_its_lines(text: str, lines: tuple[int, int], formula: str):
    found = [block for block in blocks(f"{text}\n") if block.kind is BlockKind.MATHS]
    assert [(block.first_line, block.last_line, block.text) for block in found] == [(*lines, formula)]


@pytest.mark.parametrize(
    "text",
    [
        "$$ costs\n\nmuch\n",
        "- $$\n  x\n\nafter\n$$\n",
        "$$ 는 셸의 번호다. $$\n",
        "\\[note\\]\n",
        "    $$\n    x\n    $$\n",
        "```python\nx = '$a$'\n```\n",
    ],
)
def test_what_is_no_display_stays_text(text: str):
    assert BlockKind.MATHS not in {block.kind for block in blocks(text)}


def test_maths_in_a_line_keeps_its_source_with_dollars():
    assert texts(r"손실 \(L = 0\)과 $\alpha$는, US$5 and $6.") == [r"손실 $L = 0$과 $\alpha$는, US$5 and $6."]


def test_emphasis_and_markers_inside_are_maths():
    assert texts("$a_1*b$ and $c*d_2$ but *e* [x] $y[1]$") == ["$a_1*b$ and $c*d_2$ but e [x] $y[1]$"]


def test_what_the_note_escapes_never_looks_like_a_formula():
    assert texts(r"\$a + b\$ `$c$`") == [r"\$a + b\$ \$c\$"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("| $P(A|B)$ | 조건부 | 셋째 |", "$P(A|B)$ | b: 조건부 | c: 셋째"),
        ("| $P(A | B)$ | 둘 | 셋 |", "$P(A|B)$ | b: 둘 | c: 셋"),
        ("| \\(P(A|B) = 1\\) | 둘 | 셋 |", "$P(A|B) = 1$ | b: 둘 | c: 셋"),
        ("| $\\|x\\|$ | 둘 | 셋 |", "$|x|$ | b: 둘 | c: 셋"),
        ("| $5 | $6 | $7 |", "$5 | b: $6 | c: $7"),
        ("| US$ | KR$ | x |", "US$ | b: KR$ | c: x"),
    ],
)
def test_a_bar_in_a_formula_ends_no_cell(row: str, text: str):
    assert texts(f"| a | b | c |\n|---|---|---|\n{row}\n")[1] == text


def test_a_heading_is_readable():
    (section,) = parse_note("# 확률 $P(A|B)$와 $\\frac{dL}{dW}$\n\n글", "note.md").sections
    assert section.leaf == "확률 P(A|B)와 dL/dW"
    assert section.heading == "확률 $P(A|B)$와 $\\frac{dL}{dW}$"


def test_lines_stay_in_step_where_a_formula_breaks_over_two():
    from index.reading.passages import line_pieces

    (section,) = parse_note("# h\n\n여러 $a +\nb$ 줄. 둘째\n문장.\n", "note.md").sections
    assert [(piece.first_line, piece.last_line) for piece in line_pieces(section)] == [(3, 4), (4, 5)]
