"""The tools that other assistants may call: ask and search, as functions from text to JSON. Knows no protocol."""

import json

from assistant.serving.service import AssistantService
from index import QuestionError
from index.language.languages import LANGUAGES

_SECTIONS = 5
_MOST_SECTIONS = 20


class NoteTools:
    """Tools over the assistant of a service. Their docstrings are what a calling model reads."""

    def __init__(self, service: AssistantService) -> None:
        self._service = service

    def ask(self, question: str, module: str = "", language: str = "") -> str:
        """Answer a question from the instructor's course notes, quoting and citing the lines it uses.

        Args:
            question: The question, in Korean or English.
            module: Answer only from this module, such as "Module 3"; empty for all.
            language: The language of the answer, "ko" or "en"; empty for the question's.

        Returns:
            JSON: the answer as Markdown with markers, its citations, and whether the notes answer at all (grounded).

        """
        wished = _text(language)
        chosen = wished if wished in LANGUAGES else None
        answer = self._service.assistant.ask(_text(question), module=_text(module) or None, language=chosen)
        return json.dumps(answer.to_json(), ensure_ascii=False)

    def search(self, question: str, count: int = _SECTIONS, module: str = "") -> str:
        """Find the sections of the instructor's course notes that are nearest to a question, best first.

        Args:
            question: The question or some words, in Korean or English.
            count: How many sections to return, at most 20.
            module: Search only this module, such as "Module 3"; empty for all.

        Returns:
            JSON: a list of sections with their text, file and lines.

        """
        if count is None:  # pyright: ignore[reportUnnecessaryComparison] - Gradio passes it for what was left out
            count = _SECTIONS
        most = min(max(int(_number(count)), 1), _MOST_SECTIONS)
        result = self._service.assistant.index.search(_text(question), most, _text(module) or None)
        sections = [
            {
                "module": hit.section.module,
                "heading_path": list(hit.section.heading_path),
                "file": hit.section.file,
                "first_line": hit.section.first_line,
                "last_line": hit.section.last_line,
                "score": hit.score,
                "text": hit.text,
                "grounded": result.decision.grounded,
            }
            for hit in result.hits
        ]
        return json.dumps(sections, ensure_ascii=False)


def _text(value: object) -> str:
    """Return a text that a caller gave; what a protocol promises, a caller need not keep.

    :raises QuestionError: If it is none.
    """
    if value is not None and not isinstance(value, str):
        raise QuestionError("A question, a module and a language are texts. / 질문과 모듈, 언어는 글자여야 해요.")
    return value or ""


def _number(value: object) -> float:
    """Return a number that a caller gave.

    :raises QuestionError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise QuestionError("The count must be a number. / 개수는 숫자여야 해요.")
    return value
