"""Draws the floors of the program, as they are imported, into docs/architecture.md: ``make picture``."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

import grimp

from tests.places import ROOT

PAGE = ROOT / "docs" / "architecture.md"
ENTRY_POINT = "app"
Imports = dict[str, set[str]]


def rooms_of(package: str) -> Imports:
    """Return the folders and modules right below ``package``, with those that each imports.

    Above ``assistant`` stands the entry point, and below it ``index`` as one room.
    """
    graph = grimp.build_graph("index", "assistant", cache_dir=None)
    rooms = graph.find_children(package)
    for room in rooms:
        if graph.find_children(room):
            graph.squash_module(room)
    if package == "assistant":
        graph.squash_module("index")
        rooms |= {"index"}
    imports = {room: (graph.find_modules_directly_imported_by(room) & rooms) - {room} for room in rooms}
    if package == "assistant":
        imports[ENTRY_POINT] = {room for name in imported_by_entry_point() for room in rooms if is_within(name, room)}
    return imports


def imported_by_entry_point() -> set[str]:
    tree = ast.parse((ROOT / f"{ENTRY_POINT}.py").read_text(encoding="utf-8"))
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def is_within(module: str, room: str) -> bool:
    return f"{module}.".startswith(f"{room}.")


def reached(imports: Mapping[str, Iterable[str]], room: str) -> set[str]:
    found: set[str] = set()
    ahead = list(imports[room])
    while ahead:
        if (other := ahead.pop()) not in found:
            found.add(other)
            ahead.extend(imports[other])
    return found


def without_shortcuts(imports: Imports) -> Imports:
    """Return ``imports`` without those that other imports lead to anyway.

    :raises ValueError: If rooms import each other in a circle.
    """
    below = {room: reached(imports, room) for room in imports}
    if circle := sorted(room for room in imports if room in below[room]):
        raise ValueError(f"These import each other in a circle: {', '.join(circle)}.")
    return {
        room: {to for to in others if not any(to in below[via] for via in others)} for room, others in imports.items()
    }


def floors_of(imports: Imports) -> dict[str, int]:
    """Return how many rooms stand below each room, one on the other."""
    floors: dict[str, int] = {}
    for room in sorted(imports, key=lambda room: len(reached(imports, room))):
        floors[room] = max((floors[other] + 1 for other in imports[room]), default=0)
    return floors


def diagram(package: str) -> str:
    """Return the picture of ``package`` in Mermaid: top floor first, an arrow from what imports to what is imported."""
    imports = without_shortcuts(rooms_of(package))
    floors = floors_of(imports)
    order = sorted(imports, key=lambda room: (-floors[room], room))
    boxes = [f"    {label(room)}" for room in order]
    arrows = [f"    {key(room)} --> {' & '.join(map(key, sorted(imports[room])))}" for room in order if imports[room]]
    return "\n".join(["```mermaid", "flowchart TB", *boxes, *arrows, "```"])


def key(room: str) -> str:
    return room.rpartition(".")[2].strip("_")


def label(room: str) -> str:
    """Return the box of ``room``: folders have corners, files are round."""
    package, _, name = room.rpartition(".")
    if name == "__main__":
        return f'{key(room)}("python -m {package}")'
    is_folder = (ROOT / room.replace(".", "/")).is_dir()
    return f'{key(room)}["{name}/"]' if is_folder else f'{key(room)}("{name}.py")'


def folders() -> str:
    """Return a table of all folders with what each says of itself."""
    found = [path.parent for package in ("index", "assistant") for path in (ROOT / package).rglob("__init__.py")]
    names = sorted(path.relative_to(ROOT).as_posix() for path in found)
    rows = [f"| `{name}/` | {purpose(ROOT / name / '__init__.py')} |" for name in names]
    return "\n".join(["| folder | what it is for |", "|---|---|", *rows])


def purpose(path: Path) -> str:
    return (
        (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n\n")[0].replace("\n", " ")
    )


PARTS = {"index": lambda: diagram("index"), "assistant": lambda: diagram("assistant"), "folders": folders}


def drawn(page: str) -> str:
    """Return ``page`` with every part between its markers as it is today.

    :raises ValueError: If the page lacks a marker.
    """
    for name, part in PARTS.items():
        start, end = f"<!-- {name}: make picture -->\n", f"\n<!-- end of {name} -->"
        if start not in page or end not in page:
            raise ValueError(f"The page has no place for {name}.")
        before, _, rest = page.partition(start)
        page = f"{before}{start}{part()}{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
