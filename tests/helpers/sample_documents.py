"""Documents in other formats, made with the libraries that people's programs are made with: slides, PDF, Word and more.

Each holds what is told in the notes that are made of it, and what must not be: headers, footers, page numbers.
"""

import io
from collections.abc import Sequence
from typing import Any

#: What slides and pages are about, in both languages; most are about the same, as equal texts are encoded once.
SERVICES = [
    ("Glacier Vault", "글레이셔 보관소"),
    ("Beacon Queue", "비컨 대기열"),
    ("Harbor Cache", "하버 캐시"),
    ("Lantern Logs", "랜턴 로그"),
    ("Meadow Stream", "메도 스트림"),
    ("Quarry Backup", "쿼리 백업"),
]


def slides() -> bytes:
    """40 slides: lists with levels, notes on slide 12, a table on 20, slide 31 hidden, and what stands on every slide."""
    from pptx import Presentation
    from pptx.util import Inches, Pt

    presentation = Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[0])
    first.shapes.title.text = "Storage Systems"
    first.placeholders[1].text = "An introduction"
    for number in range(2, 41):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        _furnish(slide, number, Inches, Pt)
        name, _ = SERVICES[number % len(SERVICES)]
        slide.shapes.title.text = name
        body = slide.placeholders[1].text_frame
        body.text = f"{name} has its own key."
        for text, level in (("It is made once", 0), ("by the operator", 1), ("never by hand", 2)):
            paragraph = body.add_paragraph()
            paragraph.text, paragraph.level = text, level
        if number == 12:
            slide.shapes.title.text = "How long Glacier Vault keeps records"
            body.text = "Glacier Vault keeps deleted records for 97 days."
            slide.notes_slide.notes_text_frame.text = "Say that the 97 days can be *extended* by the auditor only."
        if number == 20:
            slide.shapes.title.text = "Prices"
            rows = [("Tier", "Price | month"), ("Frost", "4 dollars"), ("Ember", "23 dollars")]
            table = slide.shapes.add_table(3, 2, Inches(1), Inches(4), Inches(6), Inches(2)).table
            for row, cells in enumerate(rows):
                for column, text in enumerate(cells):
                    table.cell(row, column).text = text
        if number == 31:
            slide._element.set("show", "0")
    return _saved(presentation)


def _furnish(slide: Any, number: int, inches: Any, points: Any) -> None:
    """Put a footer and a number on a slide, as text boxes: many templates have them so."""
    box = slide.shapes.add_textbox(inches(0.3), inches(7.1), inches(5), inches(0.3))
    box.text_frame.text = "Confidential: Example University"
    box.text_frame.paragraphs[0].font.size = points(9)
    box = slide.shapes.add_textbox(inches(9), inches(7.1), inches(0.8), inches(0.3))
    box.text_frame.text = str(number)


def korean_pdf(pages: int = 30) -> bytes:
    """Pages of Korean text in the usual form: headers, footers, headings by size, paragraphs and a table on page 7."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    font = "HYSMyeongJo-Medium"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    text = ParagraphStyle("text", fontName=font, fontSize=10.5, leading=16, wordWrap="CJK", spaceAfter=8)
    heading = ParagraphStyle("heading", fontName=font, fontSize=15, leading=20, spaceAfter=6)
    title = ParagraphStyle("title", fontName=font, fontSize=24, leading=30, spaceAfter=20)
    story: list[Any] = [Paragraph("저장소 운영 안내서", title)]
    for number in range(1, pages + 1):
        _, name = SERVICES[number % len(SERVICES)]
        story.append(Paragraph(f"{number}. {name}", heading))
        story.append(
            Paragraph(
                f"{name}는 운영자가 한 번만 만들며 이름은 전체 시스템에서 하나뿐이어야 합니다. "
                "만든 뒤에는 이름을 바꿀 수 없고 지운 이름은 다시 쓸 수 없으므로 처음부터 신중하게 정해야 합니다.",
                text,
            )
        )
        if number == 7:
            story.append(Paragraph("얼음 등급은 복원에 72시간이 걸리고, 불씨 등급은 복원에 5분이 걸립니다.", text))
            cells = [["등급", "복원 시간"], ["얼음", "72시간"], ["불씨", "5분"]]
            story.append(
                Table(
                    cells,
                    style=TableStyle([("FONT", (0, 0), (-1, -1), font), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)]),
                )
            )
        story += [Spacer(1, 12), Paragraph("• 점검은 매주 한다", text), Paragraph("• 기록은 지우지 않는다", text)]
        if number < pages:
            story.append(PageBreak())

    def furnish(canvas: Any, document: Any) -> None:
        canvas.setFont(font, 8)
        canvas.drawString(70, 800, "예시대학교 저장소 과목")
        canvas.drawCentredString(297, 30, f"- {document.page} -")

    return _built(
        lambda stream: SimpleDocTemplate(stream, pagesize=A4).build(story, onFirstPage=furnish, onLaterPages=furnish)
    )


def english_pdf() -> bytes:
    """Three pages in English: two columns on the second, a table over the end of it, hyphens at lines' ends."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Table, TableStyle

    def draw(stream: Any) -> None:
        canvas = Canvas(stream, pagesize=A4)
        canvas.setFont("Helvetica-Bold", 22)
        canvas.drawString(72, 760, "Cold Storage Handbook")
        _column(
            canvas,
            72,
            700,
            [
                "An archive is kept in a well-known place, and its main-",
                "tenance is done by night. Whoever asks for a record",
                "waits until the robot has fetched it.",
            ],
        )
        canvas.showPage()
        left = [f"Left line {number} tells of tapes and of the robots" for number in range(12)]
        right = [f"Right line {number} tells of discs and of their care" for number in range(12)]
        _column(canvas, 50, 740, left)
        _column(canvas, 320, 740, right)
        canvas.showPage()
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(72, 760, "Delays")
        table = Table(
            [["Medium", "Delay"], ["Tape", "11 hours"], ["Disc", "3 seconds"]],
            style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]),
        )
        table.wrapOn(canvas, 300, 200)
        table.drawOn(canvas, 72, 660)
        canvas.showPage()
        canvas.save()

    return _built(draw)


def _column(canvas: Any, left: float, top: float, lines: Sequence[str]) -> None:
    canvas.setFont("Helvetica", 10)
    for number, line in enumerate(lines):
        canvas.drawString(left, top - 14 * number, line)


def scanned_pdf() -> bytes:
    """Two pages: one of text, and one that is a picture of text."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    picture = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(picture).text((120, 200), "The archive closes at nine.", fill=0, font=ImageFont.load_default(48))

    def draw(stream: Any) -> None:
        canvas = Canvas(stream, pagesize=A4)
        canvas.drawString(72, 700, "The archive opens at seven in the morning.")
        canvas.showPage()
        canvas.drawImage(ImageReader(picture), 0, 0, A4[0], A4[1])
        canvas.showPage()
        canvas.save()

    return _built(draw)


def encrypted_pdf() -> bytes:
    """A page that opens with a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    def draw(stream: Any) -> None:
        canvas = Canvas(stream, encrypt=StandardEncryption("a secret", canPrint=0))
        canvas.drawString(72, 700, "Nobody reads this.")
        canvas.save()

    return _built(draw)


def notebook() -> bytes:
    """A notebook with Markdown, code, an output in words, one as a table, an error and a picture."""
    import nbformat
    from nbformat import v4

    table = "<table><tr><th></th><th>loss</th></tr><tr><td>0</td><td>0.31</td></tr></table>"
    made = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Training a small net\n\nWe use **seven** layers.", id="a"),
            v4.new_code_cell(
                "model.fit(data)  # trains",
                id="b",
                outputs=[
                    v4.new_output("stream", text="epoch 1: \x1b[31mloss\x1b[0m 0.31\n"),
                    v4.new_output("execute_result", data={"text/html": table, "text/plain": "0 0.31"}),
                    v4.new_output("display_data", data={"image/png": "aGFsbG8=", "text/plain": "<Figure>"}),
                ],
            ),
            v4.new_markdown_cell("## Early stopping\n\nTraining stops after 4 epochs without progress.", id="c"),
        ],
        metadata={"language_info": {"name": "python"}},
    )
    return nbformat.writes(made).encode()


def word() -> bytes:
    """A Word file with a title, headings, lists with levels, a table, a header, a link and a picture's words."""
    from docx import Document

    document: Any = Document()
    document.core_properties.author = "somebody"
    document.sections[0].header.paragraphs[0].text = "Draft for internal use"
    document.add_heading("Rules of the Laboratory", 0)
    document.add_heading("Access", 1)
    paragraph = document.add_paragraph("Keys are handed out by the ")
    paragraph.add_run("warden").bold = True
    paragraph.add_run(" between 8 and 9 * every day *, see file_name_with_marks and <b>this</b>.")
    document.add_heading("Badges", 2)
    document.add_paragraph("A badge is valid for 18 months.", style="List Bullet")
    document.add_paragraph("It is renewed in room 204.", style="List Bullet 2")
    document.add_paragraph("Fill in the form.", style="List Number")
    document.add_paragraph("Wait for the letter.", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Door", "Hours"), ("North | South", "7 to 19"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return _saved(document)


HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tides | Harbour School</title>
<script>alert("never")</script><style>p { color: red }</style></head><body><nav><ul><li>Home</li></ul></nav>
<main><h1>Tides</h1><p>High water comes every <strong>12 hours and 25 minutes</strong>.<br>It is told
by the <a href="https://example.org/tables">tables</a>.</p><h2>Spring tides</h2>
<ol start="3"><li>Look at the moon<ul><li>new or full</li></ul></li><li>Add <code>2 days</code></li></ol>
<table><tr><th>Port</th><th>Range</th></tr><tr><td rowspan="2">Ildo</td><td>8 m</td></tr><tr><td>9 m</td></tr></table>
<pre><code class="language-python">for tide in tides:
    print(tide)</code></pre><p><img src="moon.png" alt="The moon at spring tide"><img src="x.png"></p>
<p># no heading, 1. no list, a*b*c, [no](link)</p></main><footer>All rights reserved</footer></body></html>"""

KOREAN_CSV = "이름,보관 기간,비고\n글레이셔 보관소,90일,감사자만 늘린다\n비컨 대기열,14일,\n".encode("cp949")


def workbook() -> bytes:
    """A workbook with two sheets, one more that is hidden, and a formula that nobody worked out."""
    import datetime

    import openpyxl

    made: Any = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Rooms"
    for row in (("Room", "Seats"), ("A1", 30), ("B2", 12.5), ("Sum", "=SUM(B2:B3)")):
        sheet.append(row)
    dates = made.create_sheet("Dates")
    dates.append(("Exam", datetime.date(2026, 6, 15)))
    dates.append(("Retake", datetime.datetime(2026, 9, 1, 0, 0)))
    hidden = made.create_sheet("Grades")
    hidden.append(("secret",))
    hidden.sheet_state = "hidden"
    return _saved(made)


def hangul() -> bytes:
    """An HWPX file with paragraphs and a table."""
    from hwpx import HwpxDocument

    document: Any = HwpxDocument.new()
    document.add_paragraph("실험실 이용 규칙")
    document.add_paragraph("출입증은 18개월 동안 유효합니다.")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("문", "시간"), ("북문", "7시부터 19시"))):
        for column, text in enumerate(cells):
            table.set_cell_text(row, column, text)
    stream = io.BytesIO()
    document.save_to_stream(stream)
    return stream.getvalue()


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _built(draw: Any) -> bytes:
    stream = io.BytesIO()
    draw(stream)
    return stream.getvalue()
