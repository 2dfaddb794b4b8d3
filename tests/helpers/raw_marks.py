"""Finds marks of a Markdown dialect that were left raw on a page or in an answer: what no reader should see."""

import re
from html import unescape

_CODE = re.compile(r"<pre\b.*?</pre>|<code\b.*?</code>", re.DOTALL)
_TYPESET = re.compile(r"<math\b.*?</math>|<svg\b.*?</svg>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_MARKS = {
    "admonition": re.compile(r"^ *(?:!!!|\?\?\?\+?) +[\w\"]", re.MULTILINE),
    "tab": re.compile(r"^ *===[!+]? +\"", re.MULTILINE),
    "fenced container": re.compile(r"^ *(?::{3,}|/{3,}(?: |$))", re.MULTILINE),
    "callout": re.compile(r"\[![A-Za-z][\w-]*\]"),
    "shortcode, Liquid or component's expression": re.compile(r"\{\{|\}\}|\{%|%\}"),
    "attributes": re.compile(r"\{:? ?[.#:][\w-][^}\n]*\}"),
    "icon": re.compile(r":(?:material|octicons|fontawesome|simple)-[\w-]+:"),
    "include": re.compile(r"-{1,}8<-{1,}"),
    "keys": re.compile(r"\+\+[a-z]"),
    "critic": re.compile(r"\{(?:==|\+\+|--|>>|~~)|(?:==|\+\+|--|<<|~~)\}"),
    "highlight": re.compile(r"==[^=\s]"),
    "wikilink": re.compile(r"\[\[|\]\]"),
    "comment": re.compile(r"%%|<!--|-->|\{/\*|\*/\}"),
    "block id": re.compile(r"\s\^[\w-]+$", re.MULTILINE),
    "footnote": re.compile(r"\[\^[^\]\n]+\]"),
    "tag": re.compile(r"</?[A-Za-z][\w.-]*(?:\s[^<>\n]*)?/?>"),
    "role": re.compile(r"\{[a-z:-]+\}`"),
    "target": re.compile(r"^\([\w-]+\)=", re.MULTILINE),
    "import": re.compile(r"^(?:import|export) .*(?: from |=).*;?$", re.MULTILINE),
    "table of contents": re.compile(r"^ *(?:\[TOC\]|\[\[?_?toc_?\]?\]|\{:toc\})", re.MULTILINE | re.IGNORECASE),
    "front matter": re.compile(r"^(?:\+\+\+|---)$", re.MULTILINE),
    "emphasis": re.compile(r"\*\*"),
    "citation key": re.compile(r"\[@[\w:-]+"),
}


def raw_marks(html: str) -> list[str]:
    """Return the kinds of marks that stand outside code and formulas in ``html``, each with a little around it."""
    text = unescape(_TAG.sub("", _TYPESET.sub("", _CODE.sub("", html))))
    return raw_marks_of_text(text)


def raw_marks_of_text(text: str) -> list[str]:
    """Return the kinds of marks that stand in ``text``, which holds no code, each with a little around it."""
    return [
        f"{kind}: {text[max(0, match.start() - 20) : match.end() + 40]!r}"
        for kind, pattern in _MARKS.items()
        for match in pattern.finditer(text)
    ]
