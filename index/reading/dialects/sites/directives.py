"""What the named containers of documentation sites show: callouts, tabs, code, figures, or nothing at all."""

import re
from dataclasses import dataclass
from enum import Enum

from index.reading.dialects.sites.containers import bold, callout


class Body(Enum):
    """How what stands inside of a container is shown."""

    QUOTED = "as a callout's"
    PLAIN = "as it is"
    CODE = "as code"
    HIDDEN = "not at all"


@dataclass(frozen=True, slots=True)
class Directive:
    """What a container shows: the line ``opening`` it, its ``body``; ``doubt`` is what is left out, if anything.

    ``has_tabs``: headings inside are the titles of tabs. ``has_title``: the first heading inside may be its title.
    """

    opening: str
    body: Body
    doubt: str = ""
    has_tabs: bool = False
    has_title: bool = False


#: Callouts by the names that they go by everywhere.
CALLOUTS = frozenset(
    "note tip info information warning warn caution danger important error success check attention hint seealso "
    "abstract summary todo question help faq failure bug example quote alert notice callout admonition details "
    "dropdown spoiler collapse collapsible expand topic sidebar aside exercise solution remark theorem lemma "
    "definition proof corollary proposition conjecture axiom criterion algorithm property observation assumption "
    "deprecated versionadded versionchanged experimental tldr".split()
)
_VERSIONS = frozenset({"deprecated", "versionadded", "versionchanged"})
#: Of these the first line may be text, not a title.
_WITHOUT_TITLE = frozenset("attention caution danger error hint important note seealso tip warning todo".split())
#: What is shown of the directives that are no callouts.
_KINDS = {
    "as it is": "tabs tab-set tabset tab-group panel-tabset code-group codegroup group columns column col row grid "
    "cards card-group steps raw v-pre div html center left right only container figure-caption caption define "
    "glossary list-table margin epigraph highlights pull-quote compound figure-md list fullwidth hlist incremental "
    "nonincremental layout section content-visible content-hidden",
    "with its title": "tab tab-item tabitem card grid-item-card grid-item item-card table step panel card-item",
    "code": "code code-block code-cell sourcecode parsed-literal prompt csv-table ipython doctest",
    "a diagram": "mermaid graphviz dot plantuml math",
    "nothing": "toctree contents tableofcontents bibliography index meta sectionauthor codeauthor highlight toc comment"
    " hidden default-domain currentmodule module",
    "another file": "include literalinclude embed download video youtube iframe plot",
    "a figure": "figure image",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_CELLS = frozenset(
    "r python python3 julia ojs bash sh sql js javascript node stan rcpp cpp c css scss html latex tex yaml json text"
    " ruby perl go rust java matlab octave eval-rst rst shell console ipython ipython3 observable".split()
)
_NAME = re.compile(r"(?P<name>[A-Za-z][\w.-]{0,40})")
_ATTRIBUTES = re.compile(r"\{(?P<inside>[^{}]{0,400})\}")
_TITLE = re.compile(r"""title=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'}]+))""")
_CLASS = re.compile(r"(?<![\w\"'=.-])\.(?P<name>[A-Za-z][\w-]*)")
_BRACES = re.compile(r"\{(?P<name>[A-Za-z][\w:.-]{0,60})\}(?P<argument>.*)", re.DOTALL)


def directive_of_braces(info: str) -> Directive | None:
    """Return what MyST shows of ``{name} argument``; None where ``info`` is none, or of a cell of a notebook."""
    match = _BRACES.fullmatch(info.strip())
    if match is None:
        return None
    name, argument = match["name"].rpartition(":")[2].lower(), match["argument"].strip()
    if name in _CELLS and not argument:
        return None
    if name in _WITHOUT_TITLE and argument:
        return Directive(f"> {argument}", Body.QUOTED)
    found = _known(name, argument)
    return found or Directive(bold(argument), Body.PLAIN, f"the directive {name} is not known")


def directive_of_colons(rest: str) -> Directive | None:
    """Return what ``:::`` followed by ``rest`` begins, None where it begins nothing that is known."""
    rest = rest.strip().rstrip(":").rstrip()
    if rest.startswith("{"):
        attributes = _ATTRIBUTES.match(rest)
        return directive_of_braces(rest) or (_of_attributes(attributes["inside"]) if attributes else None)
    match = _NAME.match(rest)
    if match is None:
        return None
    rest = rest[match.end() :]
    if rest and not rest.startswith((" ", "\t", "[", "{", "(", ",")):
        return None
    name, title = match["name"].lower().removeprefix("callout-"), rest.strip()
    attributes = _ATTRIBUTES.search(title) if title.endswith("}") else None
    if attributes is not None and attributes.end() == len(title):
        title = _title_in(attributes["inside"]) or title[: attributes.start()].strip()
    if title.startswith("[") and title.endswith("]"):
        title = title[1:-1]
    return _known(name, title) or Directive(callout(name, title or name.capitalize()), Body.QUOTED)


def directive_of_block(name: str, title: str) -> Directive:
    """Return what pymdown's block ``/// name | title`` shows."""
    name = name.lower()
    if name == "html":
        return Directive("", Body.PLAIN)
    return _known(name, title) or Directive(callout(name, title), Body.QUOTED)


def _known(name: str, title: str) -> Directive | None:
    """Return what is shown of a directive of this ``name``, None where no tool has one."""
    if name in CALLOUTS:
        title = f"{name.capitalize()} {title}".strip() if name in _VERSIONS else title
        return Directive(callout(name, title), Body.QUOTED)
    match _KIND_OF.get(name):
        case "as it is":
            shown = Directive("", Body.PLAIN, has_tabs=name == "panel-tabset")
        case "with its title":
            shown = Directive(bold(title), Body.PLAIN)
        case "code":
            shown = Directive((title.split() or [""])[0], Body.CODE)
        case "a diagram":
            shown = Directive(name, Body.CODE)
        case "nothing":
            shown = Directive("", Body.HIDDEN)
        case "another file":
            shown = Directive("", Body.HIDDEN, f"what {name} brings in from {title or 'elsewhere'} is not shown")
        case "a figure":
            shown = Directive(f"![]({title.replace(' ', '%20')})", Body.PLAIN)
        case _:
            return None
    return shown


def _of_attributes(inside: str) -> Directive:
    """Return what a block of Pandoc's with attributes shows."""
    title = _title_in(inside)
    names = [match["name"].lower() for match in _CLASS.finditer(inside)]
    for name in names:
        if name.startswith("callout-"):
            return Directive(callout(name.removeprefix("callout-"), title), Body.QUOTED, has_title=not title)
        if name in ("hidden", "toctree"):
            return Directive("", Body.HIDDEN)
        if name in CALLOUTS:
            return Directive(callout(name, title), Body.QUOTED, has_title=not title)
    return Directive(bold(title), Body.PLAIN, has_tabs="panel-tabset" in names)


def _title_in(attributes: str) -> str:
    match = _TITLE.search(attributes)
    return (match["double"] or match["single"] or match["bare"] or "") if match else ""
