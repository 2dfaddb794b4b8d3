"""Notes that break readers: fragments to be put together at random, kinds that grow, and what must hold for any note."""

import gc
import random
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

from assistant.web.safe_html import render_note
from index import Note
from index.reading.notes import parse_note
from index.reading.passages import passages

#: Beginnings, ends and inner parts of every construct, most of them left open somewhere.
# fmt: off
FRAGMENTS = (
    *("\n", "\n\n", "\r\n", "\r", " ", "  ", "    ", "\t", "\v", "\f", "\x01", "\x1b", "\x7f", "\x85", "\xa0", "\xad"),
    *("\u200b", "\u2028", "\u2029", "\ufeff", "\ufffd", "\u202e", "e\u0301", "가\u0301", "각", "👩‍👩‍👧"),
    *("문장입니다. ", "한 줄"),
    *("a", "word ", "A.", "e.g. ", "1", "etc.) ", "...", "?!", "。", "=", "==", "===\n", "-", "---", "---\n", "...\n"),
    *("# ", "## ", "###### ", "#", "- ", "* ", "+ ", "1. ", "1) ", "999999999. ", "0. ", "- [ ] ", "- [x] ", "> ", ">"),
    *("```", "```\n", "```python\n", "~~~", "~~~\n", "`", "``", "`a\nb`", "    code\n", "```` md\n"),
    *("```html\n<a\n```\n",),
    *("*", "**", "***", "_", "__", "~", "~~", "~~~~", "\\", "\\\n", "\\*", "  \n", "&", "&amp;", "&#0;"),
    *("&#10;", "&#x;"),
    *("[", "]", "(", ")", "![", "](", "]()", "](a", "](a)", "](<", "](<b>)", "](u 't", "](u 't\nu')"),
    *('](u "\n', "[]", "][]"),
    *("[a]", "[a]: /u\n", "[a]: <\n", "[a]: /u '", "[^1]", "[^1]: n\n", "[[w]]", "![alt over\ntwo lines](a.png)"),
    *('[link](u "title over\ntwo lines")', "![x](a%00.png)", "![x](//h/a.png)", "![x](javascript:a)"),
    *("[x](javascript:a)",),
    *("<", ">", "</", "/>", "<a", "<a ", "<a b", "<a b=", '<a b="', "<a b='", "<a>", "</a>", "<br>", "<b\nc>"),
    *("<img alt='",),
    *("<div>\n", "</div>\n", "<div>\n<![ x ]>\n</div>", "<![", "<![CDATA[", "]]>", "<!", "<!-", "<!--", "-->"),
    *("--!>", "<!-->"),
    *("<!A", "<?", "?>", "<script>", "</script", "<style>\n", "<pre>\n", "</pre>", "<textarea>", "<http://a"),
    *("<http://a>",),
    *("<a@b.c>", "<x:", "&lt", "&#" + "1" * 5000 + ";", "&#x" + "f" * 5000 + ";", "&notit;", "| ", "|", "|-"),
    *("|---|\n",),
    *("| a | b |\n", "|:-:|-:|\n", "a | b\n", "\\|", "!!! note\n", ":::\n", "$", "$$\n", "$a$", "\\(", "\\)", "\\[\n", "\\]\n", "```math\n", "\\begin{align}\n", "$a|b$", "%%", "{{<", "+++\n"),
    *("[[w|a]]", "![[f.png|3]]", "[[#h]]", "==m==", "==", "%% c %%", "%%\n", " ^bid-1\n", "#tag ", "k:: v\n", "[^w]", "[^w]: ", "^[f]"),
    *("*[A]: b\n", "<aside>\n", "</aside>\n", "[!note|x]- t\n", "[1]", "[1]: /u\n", "**(가)**은", "~~(가)~~는"),
    *("title: '\n",),
    *(":::note Title\n", ":::\n", "::::{tip}\n", "::: {.panel-tabset}\n", "```{note}\n", "/// details | a\n", "///\n"),
    *("??? note \"a\"\n    ", "=== \"Tab\"\n\n\t", "--8<-- \"a.md\"\n", "--8<--\n", "{{< note >}}", "{{< /note >}}\n"),
    *("{{% tab name=\"a\" %}}\n", "{{% /tab %}}\n", "{{< figure src=\"a\n", "{{</* a */>}}", "{{ site.baseurl }}", "{{ x }}"),
    *("{% raw %}", "{% endraw %}\n", "{% highlight python %}\n", "{% endhighlight %}\n", "{% comment %}\n"),
    *("{% endcomment %}\n", "<Tabs>\n", "</Tabs>\n", "<TabItem\n label=\"a\">", "<A />", "<A b={", "{/*", "*/}"),
    *("import A from 'b'\n", "export const a\n", "{.a}", "{: #b }\n", "[a]{.b}", "{ref}`", "`r a`", "[@a]", "(a)=\n"),
    *("+++\n", ":material-a:", "++a++", "^^a^^", "{==a==}", "{>>a<<}", "a~b~", "a^b^", "*[A]: b\n", "```{r}\n#| a\n"),
    *("[" * 50, "(" * 50, ">" * 30, "- " * 30, "*a " * 30, "`" * 31, "<" * 40, "#" * 20, "|" * 30, "x" * 300),
    *("\n" * 20,),
)
# fmt: on


def random_note(source: random.Random, most: int = 60) -> str:
    """Return a note put together from fragments; every third repeats a part of itself, as nesting does."""
    count = source.randint(1, most)
    pieces = source.choices(source.sample(FRAGMENTS, source.randint(2, 40)), k=count)
    text = "".join(pieces)
    if source.random() < 0.3:
        start = source.randrange(len(text))
        text += text[start : start + source.randint(1, 30)] * source.randint(2, 200)
    if source.random() < 0.2:
        text = "---\n" + text
    return text.replace("\0", "")


def _again(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece))


#: By name, what makes a hostile note of about so many characters: each was quadratic in some reader, or may become so.
# fmt: off
GROWING: dict[str, Callable[[int], str]] = {
    **{
        f"repeated {piece!r}": lambda size, piece=piece: _again(piece, size)
        for piece in (
            *("[", "![", "]", "[a](", "[a](<b", '[a](b "', "[a][", "[a]", "*", "*a ", "_a __b ", "*a_ ", "a**b"),
            *("**a *b ",),
            *("~~a ", "~", "`a``", "\\`a", "> ", "- ", "1. ", "> - ", "- a\n", "-\n\n", "a|b\n", "|-\n"),
            *("| a |\n| - |\n",),
            *("[a]: /u\n", '[a]: /u "\n', "[a", "&", "&#x;", "<a:", "<a@b.", "<", "\\\n", "a  \n", "word ", "가나다. "),
            *("a.", "."),
            *("a.\n", "a\n", "\n", "\r", "\r\n", "***\n", "# a\n", "a\n=\n", "```\n", "``` a`\n", "- ```\n"),
            *("    a\n\n",),
            *("---\n", "<div>\n\n", "<a>\n", "</a\n", "<?\n", "<!A\n", "- <div>\n", "\x01", "a\u2028", "\xa0"),
            *("a" + " " * 99,),
            *("[[", "[[a", "![[a|", "[[a]]", "[^", "[^1]", "[^1]: ", "[^1]: a\n", "a^[", "a^[b", "a^[[b]", "%%", "%% a\n", "a%%b"),
            *("==", "==a", "a::", "a:: b\n", "#a ", "#a,#b\n", "a ^bc\n", "<aside>\n", "<aside>a", "*[a]: b\n", "[a](<b", "**a(b)**가 "),
            *("$a", "$", "$`", "$$", "$$ a\n", "$$\na\n\n", "\\[ a\n", "\\(a", "\\(a^", "\\begin{align}\n", "|$a|\n|-|-|\n"),
            *("- $$\n", "> $$\n", "$a\n", "\\$a", "$\\frac{", "| $a|b$ "),
            *(":::note\n", ":::note\n:::\n", "::::a\n:::b\n", ":::\n", "!!! note\n    a\n", "/// a\n", "```{note}\n"),
            *("{{< note >}}", "{{< a >}}\n", "{{< /a >}}", "{{<", "{% raw %}", "{% a %}{% enda %}", "{% if %}\n", "{{ a"),
            *("<Tabs>\n", "</Tabs>", "<A ", "<A b={", "<A>\n</B>\n", "{/*", "{.a}", "[a]{.b}", "{a=", "{ref}`a`", "[@a "),
            *("--8<--\n", "++a", "{==a", "{>>", "a~b", "a^b", ":material-", "*[a", "import {\n", "export const\n", "{{ a }} "),
            *("```python\nx = [\n```\n", "<!--", "<!--\n", "# a\n## b\n### c\n#### d\n##### e\n###### f\n"),
        )
    },
    **{
        f"HTML of {piece!r}": lambda size, piece=piece: "<div>\n" + _again(piece, size)
        for piece in (
            "<",
            "<a ",
            '<a b="',
            "<a b='",
            "<!",
            "<![",
            "<?",
            "</",
            "</a ",
            "&",
            "&#",
            "<!--",
            "<![CDATA[",
            "<a>",
        )
    },
    **{
        f"after text {piece!r}": lambda size, piece=piece: "x " + _again(piece, size)
        for piece in ("<!--", "<?", "<!A ", "<![CDATA[", "<a a ", "<a a=", '<a a="', "<a a=b ")
    },
    "containers in containers": lambda size: "".join(f"{'    ' * depth}!!! note\n" for depth in range(int(size**0.5))),
    "fences in fences": lambda size: _again(":::note\n", size // 2) + _again(":::\n", size // 2),
    "components in components": lambda size: _again("<Tip>\n", size // 2) + _again("</Tip>\n", size // 2),
    "shortcodes in shortcodes": lambda size: _again("{{< tip >}}\n", size // 2) + _again("{{< /tip >}}\n", size // 2),
    "growing runs of backticks": lambda size: "".join(
        "`" * length + " " for length in range(1, int((2 * size) ** 0.5))
    ),
    "growing quotes": lambda size: "".join(">" * depth + "a\n" for depth in range(1, int((2 * size) ** 0.5))),
    "lists in lists": lambda size: "".join("  " * depth + "- a\n" for depth in range(int(size**0.5))),
    "brackets in brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "images in images": lambda size: _again("![a", size // 3) + _again("](b)", size // 2),
    "emphasis in emphasis": lambda size: _again("*a ", size // 2) + _again("b* ", size // 2),
    "unclosed script": lambda size: "<script>\n" + _again("</scrip\n", size),
    "one heading": lambda size: "# " + "a" * size,
    "a long heading over many lines": lambda size: f"# {'a' * (size // 2)}\n\n" + _again("- b\n", size // 2),
    "headings below a long one": lambda size: f"# {'a' * (size // 2)}\n\n" + _again("## b\n", size // 2),
    "a long column name over many rows": lambda size: (
        f"|a|{'a' * (size // 2)}|\n|-|-|\n" + _again("|b|c|\n", size // 2)
    ),
    "a wide table": lambda size: "".join(_again(cell, size // 3) + "|\n" for cell in ("|a", "|-", "|b")),
    "a long address used often": lambda size: f"[a]: {'u' * (size // 4)}\n\n" + _again("[a] ", size // 2),
    "a long title used often": lambda size: f"[a]: u '{'t' * (size // 4)}'\n\n" + _again("[a] ", size // 2),
    "many definitions": lambda size: "".join(f"[a{number}]: /u\n" for number in range(size // 10)),
    "a lazy list": lambda size: "- a\n" + _again("b\n", size),
    "a lazy deep quote": lambda size: "> " * 15 + "a\n" + _again("b\n", size),
    "digits of a reference": lambda size: "<div>\n&#" + "1" * size + ";",
    "a title of spaces": lambda size: "---\ntitle:" + _again(" a", size // 2) + " " * (size // 2) + "x\n---\n",
    "unknown languages": lambda size: "".join(f"```x{number}\n```\n" for number in range(size // 12)),
    "one line of code": lambda size: "```java\n" + "a " * (size // 2) + "\n```\n",
    "markup as code": lambda size: "```html\n" + _again("<!--", size) + "\n```\n",
    "sentences in one line": lambda size: _again("word one. ", size),
}
# fmt: on


def check_note(text: str) -> Note:
    """Read and show ``text`` as a note and assert what must hold for any; return the note."""
    note = parse_note(text, "note.md")
    lines = (text[:-1] if text.endswith("\n") else text).split("\n")
    check_lines(note, len(lines))
    check_page(render_note(note.shown, anchors=True, missing_figure="missing", image_url=lambda _: None), 1, len(lines))
    return note


def check_lines(note: Note, line_count: int) -> None:
    """Assert that every line has one owner, and that whatever can be cited lies within its section."""
    owned = [line for section in note.sections for line in range(section.first_line, section.last_line + 1)]
    assert owned == list(range(note.sections[0].first_line, line_count + 1))
    for section in note.sections:
        below = section.first_line
        for block in section.blocks:
            assert block.text.strip()
            assert below <= block.first_line <= block.last_line <= section.last_line
            below = block.first_line
        for passage in passages(section):
            assert section.first_line <= passage.first_line <= passage.last_line <= section.last_line
            quoted = note.quote(passage.first_line, passage.last_line)
            assert quoted.count("\n") == passage.last_line - passage.first_line


_LINE = re.compile(r' data-l="(\d+)"(?: data-end="(\d+)")?')
_VOID = frozenset({"br", "img", "hr", "input"})


class _Nesting(HTMLParser):
    """Follows the elements of a page; every end tag must close the latest element that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe"), tag
        assert not any(name.startswith("on") for name, _ in attrs), attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def check_page(html: str, first_line: int, last_line: int) -> None:
    """Assert that ``html`` is well nested, runs nothing, and names lines of the note only."""
    for match in _LINE.finditer(html):
        first = int(match[1])
        assert first_line <= first <= int(match[2] or first) <= last_line
    reader = _Nesting()
    reader.feed(html)
    reader.close()
    assert reader.open == []


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the processor time that ``work`` takes: what else the machine does is left out."""
    gc.disable()  # a collection costs as much as there are objects of all other tests
    try:
        started = time.process_time()
        work()
        return time.process_time() - started
    finally:
        gc.enable()
