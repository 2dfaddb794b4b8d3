"""What the quiz says to a student, in Korean and English: questions, verdicts and the end. Knows no state."""

from collections.abc import Mapping

from assistant.quiz.leading.grading import GradeVerdict
from assistant.quiz.records import TYPED, Item, ItemKind
from index.language.formulas import changed

_LETTERS = "ABCDEFGH"
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "begin": {
        "ko": "‘{topic}’ 퀴즈로 알아볼까요? 쉬운 문제부터 {count}문제를 낼게요.",
        "en": "Let's explore “{topic}” with a quiz: {count} questions, the easy ones first.",
    },
    "begin_plain": {
        "ko": "퀴즈를 시작할게요. 쉬운 문제부터 {count}문제예요.",
        "en": "Let's begin: {count} questions, the easy ones first.",
    },
    "over": {"ko": "이 퀴즈는 끝났어요.", "en": "This quiz is over."},
    "right": {"ko": "맞았어요!", "en": "Right!"},
    "near": {
        "ko": "거의 맞았어요. 노트에 적힌 말: **{answer}**\n\n같은 뜻으로 썼다면 ‘맞은 걸로 해 줘’라고 말해 주세요.",
        "en": "Close. The words of the notes: **{answer}**\n\nIf you meant the same, say “count it”.",
    },
    "wrong": {"ko": "아쉬워요. 정답: **{answer}**\n\n", "en": "Not quite. The answer: **{answer}**\n\n"},
    "told": {"ko": "정답: **{answer}**\n\n", "en": "The answer: **{answer}**\n\n"},
    "near_again": {
        "ko": "거의 다 왔어요. 다시 한 번 생각해 보세요. 힌트: {hint}",
        "en": "Close. Try once more. Hint: {hint}",
    },
    "wrong_again": {"ko": "아직이에요. 한 번 더 해 봐요. 힌트: {hint}", "en": "Not yet. Try once more. Hint: {hint}"},
    "hint": {"ko": "힌트: {hint}", "en": "Hint: {hint}"},
    "unread_choice": {
        "ko": "어느 보기인지 모르겠어요. 기호나 보기의 말로 답해 주세요.",
        "en": "I can't tell which option you mean. Please answer with its letter or its words.",
    },
    "unread_true_false": {"ko": "‘참’이나 ‘거짓’으로 답해 주세요.", "en": "Please answer “true” or “false”."},
    "unread_ordering": {
        "ko": "기호를 순서대로 모두 써 주세요. 예: B, A, C",
        "en": "Please write all the letters in order, for example: B, A, C",
    },
    "skipped": {"ko": "이 문제는 건너뛸게요.", "en": "Skipped."},
    "stopped": {"ko": "퀴즈를 여기서 마칠게요.", "en": "We stop here."},
    "changed": {"ko": "문제를 바꿨어요.", "en": "Here is another one."},
    "no_another": {"ko": "이 주제로는 남은 문제가 없어요.", "en": "There are no other questions on this topic."},
    "no_harder": {"ko": "이 주제로는 더 어려운 문제가 없어요.", "en": "There are no harder questions on this topic."},
    "no_easier": {"ko": "이 주제로는 더 쉬운 문제가 없어요.", "en": "There are no easier questions on this topic."},
    "counted": {"ko": "좋아요, 맞은 것으로 셀게요.", "en": "All right, it counts."},
    "nothing_to_count": {"ko": "지금은 다시 셀 답이 없어요.", "en": "There is no answer to count again."},
    "score": {"ko": "{count}문제 가운데 **{score}문제**를 맞혔어요.", "en": "You got **{score} of {count}** right."},
    "read_again": {"ko": "다시 읽어 볼 곳", "en": "Read again:"},
    "all_right": {"ko": "모두 한 번에 맞혔어요!", "en": "All right at the first try!"},
    "full_answer": {"ko": "노트의 내용을 모아 보면 이렇습니다.", "en": "Here is what the notes say in full."},
    "not_in_notes": {
        "ko": "노트에서 ‘{topic}’ 내용을 찾지 못해서 퀴즈를 낼 수 없어요.",
        "en": "The notes say nothing on “{topic}”, so there is nothing to quiz you on.",
    },
    "no_items": {
        "ko": "‘{topic}’에 대해서는 낼 수 있는 문제가 없어요. 다른 주제를 말해 주세요.",
        "en": "There are no questions on “{topic}”. Try another topic.",
    },
    "which_topic": {
        "ko": "어떤 주제로 퀴즈를 낼까요? 예: ‘IAM 역할 퀴즈 내 줘’",
        "en": "What shall I quiz you on? For example: “quiz me on S3”.",
    },
    "button_hint": {"ko": "힌트", "en": "Hint"},
    "button_skip": {"ko": "건너뛰기", "en": "Skip"},
    "button_tell": {"ko": "정답 알려 줘", "en": "Just tell me"},
    "how_ordering": {"ko": "기호를 순서대로 써 주세요.", "en": "Write the letters in order."},
}


def said(name: str, language: str, **values: object) -> str:
    """Return the text called ``name`` with ``values`` filled in.

    :raises KeyError: If there is no such text, or a value is missing.
    """
    return _TEXTS[name][language].format(**values)


def asked(item: Item, number: int, count: int, *, again: bool) -> str:
    """Return an item as Markdown: its number, its stem, its options with letters. ``again`` leaves the number out."""
    first, *rest = item.stem.split("\n")
    head = f"**{number}/{count}** {first}" if not again else first
    lines = [head, *(f"> {escaped(line)}" for line in rest)]
    if item.kind in (ItemKind.CHOICE, ItemKind.ORDERING):
        lines.append(
            "\n".join(f"- {letter}. {escaped(option)}" for letter, option in zip(_LETTERS, item.options, strict=False))
        )
    if item.kind is ItemKind.ORDERING:
        lines.append(said("how_ordering", item.language))
    return "\n\n".join(lines)


def escaped(text: str) -> str:
    """Return ``text`` so that Markdown shows its underscores and stars."""
    return changed(text, lambda formula: text[formula.start : formula.end], _escaped)


def _escaped(text: str) -> str:
    return text.replace("_", "\\_").replace("*", "\\*")


def verdict_text(item: Item, verdict: GradeVerdict | None) -> str:
    """Return what is said when an item ends: the verdict (None: it was told), the explanation and its marker."""
    name = {GradeVerdict.RIGHT: "right", GradeVerdict.NEAR: "near", GradeVerdict.WRONG: "wrong", None: "told"}[verdict]
    if name == "near" and item.kind not in TYPED:
        name = "wrong"
    text = said(name, item.language, answer=escaped(item.answer.removesuffix(".")))
    return f"{text} {escaped(item.explanation)} [1]"
