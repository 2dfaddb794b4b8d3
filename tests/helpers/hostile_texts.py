"""Collects the regular expressions of a package, and makes for each the texts that are worst for it.

A pattern that backtracks costs time where a repeat can give back what it took: at a text of many repeated characters
that does not go on as the pattern wants. Such texts are derived from the parsed pattern: what leads to a repeat, what it
takes, many times, and something that does not fit; beside them stand texts that are hostile to many.
"""

import ast
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain, product
from types import FrameType, ModuleType
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as constants
    from re import _parser as parser
else:
    import sre_constants as constants
    import sre_parse as parser

SIZES = (1000, 2000, 4000, 8000)
#: Seconds of processor time below which growth isn't looked at: it would be that of the clock.
FLOOR = 0.004
#: Seconds of processor time that no pattern may take for the longest text.
CEILING = 0.1
#: Linear time grows 4 times from the second size to the last; quadratic time, 16 times.
MOST_GROWTH = 8.0

_GLANCE = 4000
_TICK = 0.0005  # the processor's clock may stand still for so long

_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT} | {
    getattr(constants, name) for name in ("POSSESSIVE_REPEAT",) if hasattr(constants, name)
}
_LONG_REPEAT = 8
_CHARACTERS = " 0a가A-._/,:\t\n\"'`<>[]()|#*=!?~$@+&{}ㅋx"
_TAILS = ("", "\0", "z", "\nx")
_VARIANTS = 5
_PUMPS = 5
_USUAL = (
    *" \t\n0aA가é.,;:!?\"'`<>[](){}|#*_~-=/\\@&$+^",
    *(
        "가 ",
        "a ",
        "A ",
        "1 ",
        "1.",
        "1,",
        "a.",
        "a-",
        "a_",
        "Aa",
        "a1",
        "- ",
        "# ",
        "> ",
        "| ",
        "\n ",
        "a\n",
        "\r\n",
        "\r",
    ),
    *(
        "<!--",
        "<a ",
        "</",
        "![",
        "[a](",
        "[1]",
        "[1",
        "](",
        "``",
        "`a",
        "**",
        "{{",
        "http://",
        "a@",
        "@a.",
        "=>",
        "->",
        "(a",
        "(a) ",
    ),
    *(
        "그리고 ",
        "더 ",
        "좀 ",
        "and ",
        "the ",
        "what ",
        "이 ",
        "은 ",
        "을 ",
        "퀴즈 ",
        "one ",
        "십",
        "Ab ",
        "ab, ",
        "::: ",
        "ing",
    ),
)

_WAY_OF = {"match": "match", "fullmatch": "fullmatch"} | dict.fromkeys(
    ("search", "split", "findall", "finditer", "sub", "subn"), "finditer"
)
RE_FUNCTIONS = frozenset({"compile", *_WAY_OF})


@dataclass(frozen=True)
class Found:
    """A pattern, the place in the source that makes it, and how it is used there."""

    place: str
    pattern: re.Pattern[str]
    uses: frozenset[str]


class UnreachableError(Exception):
    """A pattern is made where the test cannot find it."""


def modules_of(package: str) -> Iterator[ModuleType]:
    """Yield every module of ``package`` but its entry points and the scripts that Alembic runs."""
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not found.name.endswith(".__main__") and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def patterns_of(module: ModuleType, source: str) -> Iterator[Found]:
    """Yield the patterns that ``module`` makes when imported, and those in the calls of its functions.

    A function without arguments that makes them once, from a table, is called instead of being looked through.

    :raises UnreachableError: If a function makes a pattern from what only it knows, or ``re`` has another name.
    """
    tree = ast.parse(source)
    uses = _uses(tree)
    for node in [node for node in tree.body if _is_table(node)]:
        made = vars(module)[node.name]()
        parts = {field.name: getattr(made, field.name) for field in fields(made)} if is_dataclass(made) else {"": made}
        for name, part in parts.items():
            for pattern in _held(part):
                yield Found(f"{module.__name__}.{node.name}", pattern, uses.get(name or "pattern") or uses["pattern"])
        tree.body.remove(node)
    for name, value in vars(module).items():
        for pattern in _held(value):
            yield Found(f"{module.__name__}.{name}", pattern, uses.get(name) or uses[""] or frozenset(_WAYS))
    for node, is_in_function in _walk(tree, False):
        if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
            raise UnreachableError(f"{module.__name__}:{node.lineno} imports from re by name")
        if isinstance(node, ast.Import) and any(a.name == "regex" or (a.name == "re" and a.asname) for a in node.names):
            raise UnreachableError(f"{module.__name__}:{node.lineno} gives re another name")
        if is_in_function and _is_re_call(node):
            ways = frozenset(_WAYS) if node.func.attr == "compile" else frozenset({_WAY_OF[node.func.attr]})
            yield Found(f"{module.__name__}:{node.lineno}", _evaluated(module, node), ways)


def _is_table(node: ast.stmt) -> bool:
    """Return whether ``node`` is a cached function without arguments that makes patterns."""
    if not isinstance(node, ast.FunctionDef) or node.args.args:
        return False
    cached = any(isinstance(one, ast.Name) and one.id == "cache" for one in node.decorator_list)
    return cached and any(_is_re_call(inner) for inner in ast.walk(node))


def _uses(tree: ast.AST) -> dict[str, frozenset[str]]:
    """Return how each name is used as a pattern; under "", how those are whose name is a function's own."""
    found: dict[str, set[str]] = {"": set(), "pattern": set()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _WAY_OF:
            receiver = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if receiver != "re":
                found.setdefault(receiver, set()).add(_WAY_OF[node.attr])
                if not receiver.isupper():
                    found[""].add(_WAY_OF[node.attr])
    return {name: frozenset(ways) for name, ways in found.items()}


def _walk(node: ast.AST, is_in_function: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, is_in_function
    inner = is_in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, inner)


def _is_re_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in RE_FUNCTIONS
    )


def _evaluated(module: ModuleType, call: Any) -> re.Pattern[str]:
    arguments = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "flags")]
    arguments += [value for value in call.args[1:] if _is_flag(value)]
    try:
        values = [eval(compile(ast.Expression(value), "pattern", "eval"), vars(module)) for value in arguments]
    except NameError as error:
        raise UnreachableError(f"{module.__name__}:{call.lineno} makes a pattern from {error.name}") from error
    return values[0] if isinstance(values[0], re.Pattern) else re.compile(*values)


def _is_flag(node: ast.AST) -> bool:
    names = [part for part in ast.walk(node) if isinstance(part, ast.Attribute)]
    return bool(names) and all(isinstance(part.value, ast.Name) and part.value.id == "re" for part in names)


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4:
        return
    elif isinstance(value, Mapping):
        for inner in chain(value.keys(), value.values()):
            yield from _held(inner, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _held(inner, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _held(getattr(value, field.name, None), depth + 1)


def hostile_texts(pattern: re.Pattern[str]) -> Iterator[Callable[[int], str]]:
    """Yield makers of texts of a given length that are as bad for ``pattern`` as its own structure tells."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    seen: set[tuple[str, str, str]] = set()
    spots = list(_spots(parsed, [""]))
    for prefixes, body, after in spots:
        pumps = _examples(body)[:_PUMPS]
        for prefix, pump in product(prefixes, pumps):
            if not pump:
                continue
            for tail in _TAILS:
                seen.add((prefix, pump, tail))
            for follower in after:
                seen.add((prefix, pump, follower))
            seen.add(("", prefix + pump, ""))
            seen.add(("", prefix + pump * 40, ""))
    whole = _examples(parsed)
    for example in whole:
        seen.add(("", example, ""))
        seen.add(("", example[:-1], ""))
        seen.add(("", example + " ", ""))
    for prefix, pump, tail in sorted(seen):
        if pump:
            yield lambda size, prefix=prefix, pump=pump, tail=tail: _made(prefix, pump, tail, size)
    if not spots:  # nothing long is ever given back
        return
    for pump in _USUAL:
        yield lambda size, pump=pump: _made("", pump, "", size)


def _made(prefix: str, pump: str, tail: str, size: int) -> str:
    room = max(size - len(prefix) - len(tail), 0)
    return prefix + (pump * (room // len(pump) + 1))[:room] + tail


def _spots(sequence: Any, prefixes: list[str]) -> Iterator[tuple[list[str], Any, list[str]]]:
    """Yield for each long repeat what may stand before it, what it repeats, and what may follow."""
    for position, (operation, argument) in enumerate(sequence):
        if operation in _REPEATS:
            _, most, body = argument
            if most >= _LONG_REPEAT:
                rest = [text[:60] for text in _examples(sequence[position + 1 :])[:2]]
                yield prefixes, body, [text[:-1] for text in rest if len(text) > 1]
            yield from _spots(body, prefixes)
        else:
            for inner in _inner(operation, argument):
                yield from _spots(inner, prefixes)
        ends = _examples([(operation, argument)])[:2]
        prefixes = list(dict.fromkeys(before + end for before, end in product(prefixes, ends)))[:3]


def _inner(operation: Any, argument: Any) -> list[Any]:
    if operation is constants.BRANCH:
        return list(argument[1])
    if operation is constants.SUBPATTERN:
        return [argument[3]]
    if operation in (constants.ASSERT, constants.ASSERT_NOT):
        return [argument[1]]
    if operation is getattr(constants, "ATOMIC_GROUP", None):
        return [argument]
    if operation is constants.GROUPREF_EXISTS:
        return [part for part in argument[1:] if part is not None]
    return []


def _examples(sequence: Any) -> list[str]:
    """Return a few texts that ``sequence`` may match, each made with other choices."""
    return list(dict.fromkeys(_example(sequence, variant) for variant in range(_VARIANTS)))


def _example(sequence: Any, variant: int) -> str:
    return "".join(_node_example(operation, argument, variant) for operation, argument in sequence)


def _node_example(operation: Any, argument: Any, variant: int) -> str:  # noqa: PLR0911
    if operation is constants.LITERAL:
        return chr(argument)
    if operation in _REPEATS:
        least, most, body = argument
        return _example(body, variant) * min(most, max(least, variant % 3))
    if operation is constants.BRANCH:
        branches = argument[1]
        return _example(branches[variant % len(branches)], variant)
    if operation is constants.SUBPATTERN:
        return _example(argument[3], variant)
    if operation is getattr(constants, "ATOMIC_GROUP", None):
        return _example(argument, variant)
    if operation is constants.ASSERT:
        return _example(argument[1], variant) if argument[0] < 0 else ""  # behind: what must stand there
    if operation in (constants.IN, constants.ANY, constants.NOT_LITERAL):
        fitting = [c for c in _CHARACTERS if _fits(operation, argument, c)] or [_first(argument)]
        return fitting[variant % len(fitting)]
    return ""


def _first(argument: Any) -> str:
    for operation, value in argument:
        if operation is constants.LITERAL:
            return chr(value)
        if operation is constants.RANGE:
            return chr(value[0])
    return "\0"


def _fits(operation: Any, argument: Any, character: str) -> bool:
    if operation is constants.ANY:
        return character != "\n"
    if operation is constants.NOT_LITERAL:
        return ord(character) != argument
    is_negated = argument[0][0] is constants.NEGATE
    return any(_in_set(kind, value, character) for kind, value in argument) != is_negated


def _in_set(kind: Any, value: Any, character: str) -> bool:
    if kind is constants.LITERAL:
        return ord(character) == value
    if kind is constants.RANGE:
        return value[0] <= ord(character) <= value[1]
    if kind is constants.CATEGORY:
        is_word = character.isalnum() or character == "_"
        return {
            constants.CATEGORY_SPACE: character.isspace(),
            constants.CATEGORY_NOT_SPACE: not character.isspace(),
            constants.CATEGORY_DIGIT: character.isdecimal(),
            constants.CATEGORY_NOT_DIGIT: not character.isdecimal(),
            constants.CATEGORY_WORD: is_word,
            constants.CATEGORY_NOT_WORD: not is_word,
        }[value]
    return False


@dataclass(frozen=True)
class Slow:
    """A text for which a pattern takes more than linear time, with the seconds for each length; inf: it was ended."""

    text: str
    use: str
    seconds: tuple[float, ...]


class _TooLongError(Exception):
    pass


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """End what takes more than ``seconds`` of processor time: the engine looks for signals while it backtracks."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _run_through(pattern: re.Pattern[str], text: str) -> None:
    for _ in pattern.finditer(text):
        pass


_WAYS: dict[str, Callable[[re.Pattern[str], str], object]] = {
    "finditer": _run_through,
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}


def slowest(pattern: re.Pattern[str], uses: Iterable[str] = ("finditer",)) -> Slow | None:
    """Return a text whose time grows faster than its length, None where ``pattern`` is linear as far as can be told."""
    for make in hostile_texts(pattern):
        for use in sorted(uses):
            slow = _measured(pattern, make, use)
            if slow:
                return slow
    return None


def _measured(pattern: re.Pattern[str], make: Callable[[int], str], use: str) -> Slow | None:
    run = _WAYS[use]
    glance = _seconds(pattern, make(_GLANCE), run, 1)
    if glance <= FLOOR / 2 or CEILING > glance <= MOST_GROWTH * _seconds(pattern, make(SIZES[0]), run, 2):
        return None
    seconds: list[float] = []
    for size in SIZES:
        seconds.append(_seconds(pattern, make(size), run, 3))
        if seconds[-1] > CEILING:
            break
    if seconds[-1] <= CEILING:  # somebody else may have had the processor: what is slow stays so when looked at again
        seconds[-1] = min(seconds[-1], _seconds(pattern, make(SIZES[-1]), run, 6))
        if seconds[-1] <= FLOOR or seconds[-1] <= MOST_GROWTH * seconds[1]:
            return None
    return Slow(make(SIZES[0]), use, tuple(seconds))


def _seconds(pattern: re.Pattern[str], text: str, run: Callable[..., object], times: int) -> float:
    """Return the least time of a few runs, by the clock or the processor's, infinity where one had to be ended."""
    best = float("inf")
    given: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    for _ in range(times):
        began, began_processing = time.perf_counter(), time.process_time()
        try:
            with _at_most(CEILING * 2):
                run(pattern, given)
        except _TooLongError:
            return float("inf")
        best = min(best, time.perf_counter() - began, max(time.process_time() - began_processing, _TICK))
    return best
