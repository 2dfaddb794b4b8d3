"""The sentences of quizzes in Korean and English: stems, explanations, hints. One catalogue; knows no item."""

import re
from collections.abc import Mapping

from index.language.particles import attach

_BOTH_FORMS = {"은(는)": "은", "이(가)": "이", "을(를)": "을", "(으)로": "으로"}
_QUOTED = re.compile(r"‘([^‘’]*)’(은\(는\)|이\(가\)|을\(를\)|\(으\)로)")

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "term": {
        "ko": "노트에 따르면 빈칸에 들어갈 말은 무엇인가요?\n{sentence}",
        "en": "According to the notes, which of these fills the blank?\n{sentence}",
    },
    "cloze": {
        "ko": "노트에 나온 말로 빈칸을 채우세요.\n{sentence}",
        "en": "Fill in the blank with the word of the notes.\n{sentence}",
    },
    "number": {
        "ko": "노트에 따르면 빈칸에 들어갈 수는 무엇인가요?\n{sentence}",
        "en": "According to the notes, which number fills the blank?\n{sentence}",
    },
    "number_typed": {
        "ko": "빈칸에 들어갈 수를 단위와 함께 쓰세요.\n{sentence}",
        "en": "Which number, with its unit, fills the blank?\n{sentence}",
    },
    "truth": {
        "ko": "다음 설명은 노트의 내용과 맞나요?\n{sentence}",
        "en": "Is this true, according to the notes?\n{sentence}",
    },
    "truth_pair": {
        "ko": "노트의 ‘{label}’에서 ‘{term}’에 대해 이렇게 설명하나요?\n{sentence}",
        "en": "Under “{label}”, is this what the notes say of “{term}”?\n{sentence}",
    },
    "aspect": {
        "ko": "노트에서 ‘{label}’의 ‘{term}’은(는) 무엇인가요?",
        "en": "In the notes, what is “{term}” of “{label}”?",
    },
    "aspect_typed": {
        "ko": "노트에서 ‘{label}’의 ‘{term}’(으)로 적힌 것을 쓰세요.",
        "en": "Name what the notes give as “{term}” of “{label}”.",
    },
    "comparison": {
        "ko": "‘{label}’에 대해 노트의 내용과 맞게 말한 것은 무엇인가요?",
        "en": "On “{label}”, which statement agrees with the notes?",
    },
    "definition": {
        "ko": "‘{label}’ 가운데 다음 설명에 해당하는 것은 무엇인가요?\n{meaning}",
        "en": "In “{label}”, what does this describe?\n{meaning}",
    },
    "definition_typed": {
        "ko": "‘{label}’ 가운데 다음 설명에 해당하는 말을 쓰세요.\n{meaning}",
        "en": "In “{label}”, name what this describes.\n{meaning}",
    },
    "meaning": {
        "ko": "‘{label}’에서 ‘{term}’에 대한 설명으로 맞는 것은 무엇인가요?",
        "en": "In “{label}”, which of these describes “{term}”?",
    },
    "heading": {
        "ko": "다음 설명에 해당하는 용어는 무엇인가요?\n{meaning}",
        "en": "Which term does this describe?\n{meaning}",
    },
    "heading_typed": {
        "ko": "다음 설명에 해당하는 용어를 쓰세요.\n{meaning}",
        "en": "Name the term that this describes.\n{meaning}",
    },
    "member": {
        "ko": "다음 중 노트의 ‘{label}’에 들어 있는 것은 무엇인가요?",
        "en": "Which of these do the notes list under “{label}”?",
    },
    "outsider": {
        "ko": "다음 중 노트의 ‘{label}’에 들어 있지 않은 것은 무엇인가요?",
        "en": "Which of these do the notes NOT list under “{label}”?",
    },
    "completion": {
        "ko": "노트의 ‘{label}’에는 {others} 말고 하나가 더 있어요. 무엇인가요?",
        "en": "Under “{label}”, the notes list {others}, and one more. What is it?",
    },
    "next": {
        "ko": "‘{label}’에서 다음 내용 바로 뒤에 오는 것은 무엇인가요?\n{step}",
        "en": "In “{label}”, what comes right after this?\n{step}",
    },
    "first": {
        "ko": "‘{label}’에서 가장 먼저 오는 것은 무엇인가요?",
        "en": "In “{label}”, what comes first?",
    },
    "last": {
        "ko": "‘{label}’에서 가장 나중에 오는 것은 무엇인가요?",
        "en": "In “{label}”, what comes last?",
    },
    "ordering": {
        "ko": "‘{label}’에 나오는 순서대로 나열해 보세요.",
        "en": "Put these in the order of “{label}”.",
    },
    "condition": {
        "ko": "다음 문장을 노트의 내용에 맞게 끝맺은 것은 무엇인가요?\n{opening} …",
        "en": "Which ending makes this sentence agree with the notes?\n{opening} …",
    },
    "true": {"ko": "참", "en": "True"},
    "false": {"ko": "거짓", "en": "False"},
    "said": {
        "ko": "노트의 ‘{heading}’에 이렇게 나와 있어요. “{quote}”",
        "en": "The notes say under “{heading}”: “{quote}”",
    },
    "listed": {
        "ko": "노트의 ‘{heading}’에 나오는 것은 {members}입니다.",
        "en": "Under “{heading}”, the notes list: {members}.",
    },
    "listed_order": {
        "ko": "노트의 ‘{heading}’에 나오는 순서는 이렇습니다. {members}.",
        "en": "The order in “{heading}” is: {members}.",
    },
    "remark": {"ko": " 편집자 주도 함께 보세요. {remark}", "en": " Mind the editor's note: {remark}"},
    "hint_letters": {
        "ko": "‘{first}’(으)로 시작하고 글자 수는 {count}개예요.",
        "en": "It begins with “{first}” and has {count} characters.",
    },
    "hint_not": {"ko": "‘{option}’은(는) 답이 아니에요.", "en": "It is not “{option}”."},
    "hint_first": {"ko": "맨 앞에는 ‘{option}’이(가) 와요.", "en": "“{option}” comes first."},
    "hint_look": {
        "ko": "노트의 ‘{heading}’을(를) 떠올리면서 낱말 하나하나를 견주어 보세요.",
        "en": "Think of “{heading}” in the notes, and weigh each word.",
    },
    "hint_size": {"ko": "{low}보다 크고 {high}보다 작아요.", "en": "It is more than {low} and less than {high}."},
}


def phrase(name: str, language: str, **values: object) -> str:
    """Return the phrase called ``name`` with ``values`` filled in, particles after quoted words made to fit them.

    :raises KeyError: If there is no such phrase, or a value is missing.
    """
    text = _PHRASES[name][language].format(**values)
    return _QUOTED.sub(lambda match: f"‘{match[1]}’{attach(match[1], _BOTH_FORMS[match[2]])[len(match[1]) :]}", text)


def enumeration(words: list[str] | tuple[str, ...]) -> str:
    """Return ``words`` joined by commas."""
    return ", ".join(words)
