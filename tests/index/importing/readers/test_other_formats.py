"""Word, HTML, notebooks, tables and Hangul: what each becomes, and what is told that it does not."""

import io
import zipfile
from typing import Any

import pytest

from index.importing import formats
from index.importing.converter_child import converted
from index.importing.documents import Unread
from index.importing.formats import NoNoteError
from index.importing.readers.office_maths import FORMULA, tex_of
from tests.helpers.sample_documents import HTML, KOREAN_CSV, hangul, notebook, word, workbook

WORD = """# Rules of the Laboratory

## Access

Keys are handed out by the **warden** between 8 and 9 * every day \\*, see file_name_with_marks and \\<b>this\\</b>.

### Badges

- A badge is valid for 18 months.
  - It is renewed in room 204.

1. Fill in the form.
2. Wait for the letter.

| Door | Hours |
| --- | --- |
| North \\| South | 7 to 19 |
"""
PAGE = """# Tides

High water comes every **12 hours and 25 minutes**. It is told by the [tables](https://example.org/tables).

## Spring tides

3. Look at the moon
   - new or full
4. Add `2 days`

| Port | Range |
| --- | --- |
| Ildo | 8 m |
| Ildo | 9 m |

```python
for tide in tides:
    print(tide)
```

Figure: The moon at spring tide

\\# no heading, 1. no list, a\\*b\\*c, \\[no](link)
"""
NOTEBOOK = """# Training a small net

We use **seven** layers.

```python
model.fit(data)  # trains
```

```text
epoch 1: loss 0.31
```

|  | loss |
| --- | --- |
| 0 | 0.31 |

## Early stopping

Training stops after 4 epochs without progress.
"""
CSV = """# table

| 이름 | 보관 기간 | 비고 |
| --- | --- | --- |
| 글레이셔 보관소 | 90일 | 감사자만 늘린다 |
| 비컨 대기열 | 14일 |  |
"""
WORKBOOK = """# book

## Sheet Rooms

| Room | Seats |
| --- | --- |
| A1 | 30 |
| B2 | 12.5 |
| Sum |  |

## Sheet Dates

| Exam | 2026-06-15 |
| --- | --- |
| Retake | 2026-09-01 |
"""
HANGUL = """# rules

실험실 이용 규칙

출입증은 18개월 동안 유효합니다.

| 문 | 시간 |
| --- | --- |
| 북문 | 7시부터 19시 |
"""
PICTURE = Unread("pictures", count=1)


@pytest.mark.parametrize(
    ("name", "data", "markdown", "unread"),
    [
        ("word.docx", word(), WORD, ()),
        ("page.html", HTML.encode(), PAGE, (PICTURE,)),
        ("net.ipynb", notebook(), NOTEBOOK, (PICTURE,)),
        ("table.csv", KOREAN_CSV, CSV, ()),
        ("book.xlsx", workbook(), WORKBOOK, (Unread("hidden_sheets", ("Grades",)), Unread("no_values", count=1))),
        ("rules.hwpx", hangul(), HANGUL, ()),
    ],
    ids=["docx", "html", "ipynb", "csv", "xlsx", "hwpx"],
)
def test_a_file_becomes_this_note(name: str, data: bytes, markdown: str, unread: tuple[Unread, ...]):
    note = converted(data, name, name.partition(".")[0])
    assert note.markdown == markdown
    assert note.unread == unread


def html(text: str) -> str:
    return converted(text.encode(), "a.html", "a").markdown


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<h1>A</h1><h1>B</h1><h2>C</h2>", "# a\n\n## A\n\n## B\n\n### C\n"),
        ("<title>T</title><p>x", "# T\n\nx\n"),
        ("<p>a<sup>2</sup> and H<sub>2</sub>O<sup>[3]</sup></p>", "# a\n\na² and H₂O³\n"),
        ("<dl><dt>Key<dd>opens</dl>", "# a\n\n**Key**\n\nopens\n"),
        ("<blockquote><p>said</p></blockquote>", "# a\n\n> said\n"),
        ("<ul><li><p>a</p><p>b</p><li>c</ul>", "# a\n\n- a\n  - b\n- c\n"),
        ("<table><tr><td colspan=2>both<td>c<tr><td>1<td>2<td>3</table>", "# a\n\n| both |  | c |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n"),
        ("<table><tr><td>only a frame</table>", "# a\n\nonly a frame\n"),
        ("<p hidden>no</p><p>yes<!-- no --></p>", "# a\n\nyes\n"),
        (
            "<p>so <math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></semantics></math></p>",
            "# a\n\nso $x_1$\n",
        ),
        ("<a href='javascript:alert(1)'>a</a> <a href='/b'>b</a>", "# a\n\na b\n"),
        ("안녕하세요", "# a\n\n안녕하세요\n"),
    ],
)  # fmt: skip
def test_html_becomes_markdown(source: str, markdown: str):
    assert html(source) == markdown


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig", "euc-kr"])
def test_html_is_read_in_its_encoding(encoding: str):
    named = f"<meta charset={encoding}>" if encoding == "euc-kr" else ""
    assert "학교 종이" in converted(f"{named}<p>학교 종이</p>".encode(encoding), "a.html", "a").markdown


def test_a_formula_of_word_is_tex():
    from lxml import etree

    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    part = (
        f'<m:oMath xmlns:m="{space}"><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e>'
        "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    formula: Any = etree.fromstring(part)
    assert formula.tag == FORMULA
    assert tex_of(formula) == "{x}^{2}"
    from docx import Document

    document: Any = Document()
    paragraph = document.add_paragraph("The area is ")
    paragraph._p.append(formula)
    paragraph.add_run(" and no more.")
    stream = io.BytesIO()
    document.save(stream)
    assert converted(stream.getvalue(), "a.docx", "a").markdown == "# a\n\nThe area is ${x}^{2}$ and no more.\n"


def test_long_outputs_are_cut_and_told():
    import nbformat
    from nbformat import v4

    output = v4.new_output("stream", text="line\n" * 500)
    book = v4.new_notebook(cells=[v4.new_code_cell("1", id="a", outputs=[output]), v4.new_raw_cell("raw", id="b")])
    note = converted(nbformat.writes(book).encode(), "a.ipynb", "a")
    assert note.markdown.count("line\n") == 60
    assert note.unread == (Unread("cut_outputs", count=1),)


def test_pictures_inside_a_notebook_are_their_words():
    import nbformat
    from nbformat import v4

    source = "See ![the curve](attachment:a.png) and ![b](https://example.org/b.png)."
    book = v4.new_notebook(cells=[v4.new_markdown_cell(source, id="a")])
    note = converted(nbformat.writes(book).encode(), "a.ipynb", "a")
    assert "See the curve and ![b](https://example.org/b.png)." in note.markdown
    assert note.unread == (PICTURE,)


def test_a_long_table_is_cut_and_told():
    note = converted(("a,b\n" + "1,2\n" * 3000).encode(), "a.csv", "a")
    assert note.markdown.count("| 1 | 2 |") == 2000
    assert note.unread == (Unread("too_many_rows", ("a",), 1000, "2,000"),)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"word/{number}.xml", bytes(2 * 2**20))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.docx", b"PK\3\4nothing", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        ("a.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        ("a.pptx", word(), "damaged"),
        ("a.xlsx", word(), "damaged"),
        ("a.ipynb", b"{}", "damaged"),
        ("a.ipynb", b"\xff", "damaged"),
        ("a.csv", bytes(range(256)) * 9, "encoding"),
        ("a.hwp", b"nothing", "damaged"),
        ("a.html", b"<html></html>", "nothing_in_it"),
        ("a.html", b"<div>" * 200_000 + b"x", "damaged"),
        ("a.exe", b"MZ", "unknown_format"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(name: str, data: bytes, kind: str):
    with pytest.raises(NoNoteError) as caught:
        converted(data, name, "a")
    assert caught.value.kind == kind, caught.value
    assert str(caught.value).startswith(f"{name}: ")


def test_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(formats, "MAX_UNPACKED_SOURCE_BYTES", 9 * 2**20)
    with pytest.raises(NoNoteError) as caught:
        converted(bomb(), "a.docx", "a")
    assert caught.value.kind == "bomb"
