r"""Writes formulas in words and signs, as a line of plain text can hold them: ``\frac{a}{b} \le \alpha`` is a/b ≤ α."""

import re
from itertools import islice

from index.language.formulas import DRESS, DROPPED, FRACTIONS, SILENT, changed
from index.language.greek import greek_letter

#: Groups in groups; what lies deeper is written without its structure.
_DEEPEST = 30
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_SIGNS_BY_NAME = """times × cdot · div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼
    infty ∞ sum ∑ prod ∏ int ∫ partial ∂ nabla ∇ in ∈ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap ∩ setminus ∖ to →
    rightarrow → Rightarrow ⇒ implies ⇒ leftarrow ← gets ← Leftarrow ⇐ leftrightarrow ↔ Leftrightarrow ⇔ iff ⇔ mapsto ↦
    forall ∀ exists ∃ mid | vert | Vert ‖ ldots … dots … cdots … neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨ circ ∘ oplus ⊕
    otimes ⊗ odot ⊙ perp ⊥ parallel ∥ angle ∠ top ⊤ propto ∝ ell ℓ hbar ℏ emptyset ∅ varnothing ∅ langle ⟨ rangle ⟩
    lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ prime ′ ast * star ⋆ lbrace { rbrace } backslash \\ degree °
    rightleftharpoons ⇌""".split()
_SIGNS = dict(zip(islice(_SIGNS_BY_NAME, 0, None, 2), islice(_SIGNS_BY_NAME, 1, None, 2), strict=True))
_VARIANTS = {"varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "varrho": "ρ", "varsigma": "σ"}
_RAISED = str.maketrans("0123456789n+-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def without_marks(text: str) -> str:
    """Return ``text`` with its formulas in words and signs."""
    return changed(text, lambda formula: readable(formula.tex))


def readable(tex: str) -> str:
    """Return a formula in words and signs, on one line."""
    return " ".join(_Reader(tex).sequence(0).split())


def _sign(name: str) -> str | None:
    if not name.isalpha():
        return name if name in "{}%$#&_|" else " "
    if name in _SIGNS:
        return _SIGNS[name]
    if name in _VARIANTS:
        return _VARIANTS[name]
    return greek_letter(name)


class _Reader:
    """Goes through the tokens of a formula once."""

    def __init__(self, tex: str) -> None:
        self._tokens = _TOKEN.findall(tex)
        self._at = 0

    def sequence(self, depth: int) -> str:
        """Return what stands up to the end of the group that is open, or of all."""
        pieces: list[str] = []
        while self._at < len(self._tokens):
            if self._tokens[self._at] == "}":
                self._at += 1
                if depth:
                    break
                continue
            pieces.append(self._piece(depth))
        return "".join(pieces)

    def _piece(self, depth: int) -> str:
        piece = self._tokens[self._at]
        self._at += 1
        if piece == "{":
            return self.sequence(depth + 1) if depth < _DEEPEST else ""
        if piece in ("^", "_"):
            return self._script(piece, depth)
        if piece[0] != "\\":
            return " " if piece in ("&", "~", "$") or piece.isspace() else piece
        return self._command(piece[1:], depth)

    def _command(self, name: str, depth: int) -> str:
        sign = _sign(name)
        if sign is not None:
            return sign
        if name in FRACTIONS and depth < _DEEPEST:
            above, below = self._argument(depth), self._argument(depth)
            return f"{_grouped(above)}/{_grouped(below)}"
        if name == "sqrt":
            return f"√{_in_brackets(self._argument(depth))}"
        if name in DRESS:
            return self._argument(depth)
        if name in DROPPED:
            self._argument(depth)
            return " "
        return "" if name in SILENT else f" {name} "

    def _argument(self, depth: int) -> str:
        """Return the group or the single sign that follows."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        if self._at == len(self._tokens) or self._tokens[self._at] == "}" or depth >= _DEEPEST:
            return ""
        return self._piece(depth + 1).strip() if self._tokens[self._at] != "{" else self._piece(depth).strip()

    def _script(self, mark: str, depth: int) -> str:
        script = self._argument(depth)
        table = _RAISED if mark == "^" else _LOWERED
        if script and len(script) <= 3 and all(ord(sign) in table for sign in script):
            return script.translate(table)
        return f"{mark}{_in_brackets(script)}" if script else ""


def _grouped(text: str) -> str:
    return text if text.isalnum() else _in_brackets(text)


def _in_brackets(text: str) -> str:
    return text if len(text) <= 1 or text.isdigit() or (text.startswith("(") and text.endswith(")")) else f"({text})"
