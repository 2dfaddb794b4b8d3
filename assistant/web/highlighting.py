"""Colours the code of notes, in bounded time whatever stands in it."""

from functools import cache
from html import escape

from pygments import highlight, lexers
from pygments.formatters import HtmlFormatter

#: Lexers are sets of patterns, and some take the square of a line's or block's length: longer code stays uncoloured.
MAX_CODE_CHARACTERS = 10_000
MAX_SQUARED_LINES = 10_000_000
#: Timed on 4,000 characters of sixty pieces that lexers stumble over, repeated: these took over a second.
SLOW_LANGUAGES = frozenset("c# cs csharp nemerle".split())
HANGING_LEXERS = frozenset("autoit autohotkey easytrieve mcschema xpp".split())  # even on a thousand
MAX_SLOW_CHARACTERS = 1000


def highlight_styles() -> str:
    """Return the style sheet of highlighted code, for light and dark."""
    light = _style_sheet("friendly", ".code")
    dark = _style_sheet("github-dark", ".dark .code")
    return f"{light}\n{dark}"


def _style_sheet(style: str, within: str) -> str:
    formatter: HtmlFormatter[str] = HtmlFormatter(style=style)
    return str(formatter.get_style_defs(within))  # pyright: ignore[reportUnknownArgumentType]


def code_lines(code: str, language: str) -> list[str]:
    """Return the lines of ``code`` as HTML, coloured where ``language`` is known and the code not too long."""
    lines = code.rstrip("\n").split("\n")
    if (
        language.lower() not in _languages()
        or len(code) > (MAX_SLOW_CHARACTERS if language.lower() in SLOW_LANGUAGES else MAX_CODE_CHARACTERS)
        or sum(len(line) ** 2 for line in lines) > MAX_SQUARED_LINES
    ):
        return escape("\n".join(lines)).split("\n")
    lexer = lexers.get_lexer_by_name(language, stripnl=False)
    html: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return html.rstrip("\n").split("\n")


@cache
def _languages() -> frozenset[str]:
    """Return the names of the languages that Pygments ships; to look for one that it does not searches the disk."""
    known = [aliases for _, aliases, _, _ in lexers.get_all_lexers(plugins=False)]
    return frozenset(alias.lower() for aliases in known if not HANGING_LEXERS & set(aliases) for alias in aliases)
