"""Writes items for paper and for other programs: Markdown, CSV, Anki's text import and Moodle XML."""

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.etree import ElementTree  # it writes, and parses nothing  # nosec B405

from assistant.quiz.records import Item, ItemKind, Structure
from assistant.spreadsheets import neutral_cell
from index.language.formulas import changed
from index.reading.note_names import shown_name

_MARKS = re.compile(r"([*_`<>\[\]\\])")
_LETTERS = "ABCDEFGH"
_TITLES = {"ko": ("퀴즈", "정답과 풀이", "정답"), "en": ("Quiz", "Answers", "Answer")}
_ANKI_HEADER = "#separator:tab\n#html:true\n#columns:Front\tBack\tSource\n"


def as_markdown(items: Sequence[Item]) -> str:
    """Return a sheet to print: the questions first, then the answers with their sources."""
    language = items[0].language if items else "en"
    title, answers, _ = _TITLES[language]
    lines = [f"# {title}", ""]
    for number, item in enumerate(items, 1):
        first, *rest = item.stem.split("\n")
        lines += [f"{number}. {_plain(first)}", *(f"\n   > {_plain(line)}" for line in rest)]
        if item.options:
            lines += ["", *(f"   - {letter}. {_plain(option)}" for letter, option in _lettered(item))]
        lines.append("")
    lines += [f"## {answers}", ""]
    for number, item in enumerate(items, 1):
        lines += [f"{number}. **{_plain(key_of(item))}** {_plain(item.explanation)} ({_plain(_place(item))})", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return ``text`` with the marks escaped that Markdown would take for its own."""
    return changed(text, lambda formula: text[formula.start : formula.end], _escaped)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _lettered(item: Item) -> list[tuple[str, str]]:
    return list(zip(_LETTERS, item.options, strict=False))


def key_of(item: Item) -> str:
    """Return the key as a sheet names it: a letter with its option, the letters of an order, or the answer."""
    if item.kind is ItemKind.CHOICE:
        return next(f"{letter}. {option}" for letter, option in _lettered(item) if option == item.answer)
    if item.kind is ItemKind.ORDERING:
        letters = {option: letter for letter, option in _lettered(item)}
        return " → ".join(letters[step] for step in item.steps)
    return item.answer


def _place(item: Item) -> str:
    citation = item.citation
    return f"{citation.module}, {shown_name(citation.file)}:{citation.first_line}"


def as_csv(items: Iterable[Item]) -> str:
    """Return RFC 4180 rows with a header; options and accepted answers are separated by `` | ``."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    names = "id kind structure language stem options answer accepted explanation module file first_line last_line quote"
    writer.writerow(names.split())
    for item in items:
        citation = item.citation
        row = [item.id, item.kind.value, item.structure.value, item.language, item.stem, " | ".join(item.options)]
        row += [item.answer, " | ".join(item.accepted), item.explanation, citation.module, citation.file]
        writer.writerow(
            [neutral_cell(str(cell)) for cell in (*row, citation.first_line, citation.last_line, citation.quote)]
        )
    return sink.getvalue()


def as_anki(items: Iterable[Item]) -> str:
    """Return tab-separated notes with the headers that Anki 2.1.54 and later read: front, back, source."""
    rows: list[str] = []
    for item in items:
        options = "".join(f"<li>{_html(option)}</li>" for option in item.options)
        front = _html(item.stem) + (f"<ol type='A'>{options}</ol>" if options else "")
        back = f"<b>{_html(key_of(item))}</b><br>{_html(item.explanation)}"
        rows.append("\t".join((front, back, _html(_place(item)))) + "\n")
    return _ANKI_HEADER + "".join(rows)


def _html(text: str) -> str:
    r"""Return ``text`` as HTML; formulas between \( and \), which both programs typeset."""
    text = changed(text, lambda formula: f"\\({formula.tex}\\)")
    return html.escape(text).replace("\n", "<br>").replace("\t", " ")


def as_moodle(items: Iterable[Item]) -> str:
    """Return a quiz in Moodle XML (docs.moodle.org/en/Moodle_XML_format); an ordering becomes a matching of places."""
    quiz = ElementTree.Element("quiz")
    for item in items:
        question = ElementTree.SubElement(quiz, "question", type=_MOODLE_TYPES[item.kind])
        _text(question, "name", item.id)
        _text(question, "questiontext", _html(item.stem), form="html")
        _text(question, "generalfeedback", _html(f"{item.explanation} ({_place(item)})"), form="html")
        ElementTree.SubElement(question, "defaultgrade").text = "1"
        _MOODLE_ANSWERS[item.kind](question, item)
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="unicode", xml_declaration=True) + "\n"


def _text(parent: ElementTree.Element, tag: str, text: str, form: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, {**({"format": form} if form else {}), **attributes})
    ElementTree.SubElement(element, "text").text = text
    return element


def _choice(question: ElementTree.Element, item: Item) -> None:
    ElementTree.SubElement(question, "single").text = "true"
    ElementTree.SubElement(question, "shuffleanswers").text = "false" if item.structure is Structure.NUMBER else "true"
    ElementTree.SubElement(question, "answernumbering").text = "ABCD"
    for option in item.options:
        _text(question, "answer", _html(option), form="html", fraction="100" if option == item.answer else "0")


def _truth(question: ElementTree.Element, item: Item) -> None:
    true, _ = item.options
    for value in ("true", "false"):
        right = (value == "true") == (item.answer == true)
        _text(question, "answer", value, fraction="100" if right else "0")


def _typed(question: ElementTree.Element, item: Item) -> None:
    ElementTree.SubElement(question, "usecase").text = "0"
    for form in dict.fromkeys((item.answer, *item.accepted)):
        _text(question, "answer", form, fraction="100")


def _order(question: ElementTree.Element, item: Item) -> None:
    ElementTree.SubElement(question, "shuffleanswers").text = "true"
    for place, step in enumerate(item.steps, 1):
        pair = _text(question, "subquestion", _html(step), form="html")
        _text(pair, "answer", str(place))


_MOODLE_TYPES = {
    ItemKind.CHOICE: "multichoice",
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.CLOZE: "shortanswer",
    ItemKind.SHORT: "shortanswer",
    ItemKind.ORDERING: "matching",
}
_MOODLE_ANSWERS: Mapping[ItemKind, Callable[[ElementTree.Element, Item], None]] = {
    ItemKind.CHOICE: _choice,
    ItemKind.TRUE_FALSE: _truth,
    ItemKind.CLOZE: _typed,
    ItemKind.SHORT: _typed,
    ItemKind.ORDERING: _order,
}
FORMATS: Mapping[str, Callable[[Sequence[Item]], str]] = {
    "markdown": as_markdown,
    "csv": as_csv,
    "anki": as_anki,
    "moodle": as_moodle,
}


def export(items: Sequence[Item], form: str) -> str:
    """Return ``items`` in the format called ``form``.

    :raises ValueError: If there is no such format.
    """
    if form not in FORMATS:
        raise ValueError(f"There is no format {form!r}; there are {', '.join(FORMATS)}.")
    return FORMATS[form](items)
