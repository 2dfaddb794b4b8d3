"""The marks of a table's rows and cells, see :mod:`index.reading.cell_tables`, with cells that span others."""

from index.reading.dialects.html.tags import Tag

_MOST_COLUMNS = 60  # that a span is followed over


class GridWriter:
    """Turns the tags of one table after the other into marks; a table within a table has none."""

    def __init__(self) -> None:
        self.is_open = False
        self._inner = 0
        self._column = 0
        self._wide = 0  # columns that the latest cell goes on over
        self._rows_left: dict[int, int] = {}  # by column, the rows that a cell above goes on over

    def marks(self, tag: Tag) -> str:
        """Return what is written for ``tag``, empty for what has no mark."""
        if not self.is_open:
            self.is_open = tag.name == "table" and not tag.closes
            self._column, self._wide, self._inner = 0, 0, 0
            self._rows_left.clear()
            return "{|" if self.is_open else ""
        if tag.name == "table":
            self._inner += -1 if tag.closes else 1
            if self._inner < 0:
                self.is_open = False
                return f"{self._end_of_row()}|}}"
        if self._inner > 0 or tag.closes:
            return ""
        if tag.name == "tr":
            marks = f"{self._end_of_row()}|-"
            self._column = 0
            return marks
        return self._cell(tag) if tag.name in ("td", "th") else ""

    def _cell(self, tag: Tag) -> str:
        marks = f"{self._end_of_cell()}{self._cells_above()}"
        rows, columns = _span(tag, "rowspan"), _span(tag, "colspan")
        for column in range(self._column, self._column + columns):
            if rows > 1 and column < _MOST_COLUMNS:
                self._rows_left[column] = rows - 1
        self._column += 1
        self._wide = columns - 1
        return f"{marks}{'|= ' if tag.name == 'th' else '| '}"

    def _end_of_cell(self) -> str:
        marks = "|> " * self._wide
        self._column += self._wide
        self._wide = 0
        return marks

    def _cells_above(self) -> str:
        marks = ""
        while self._rows_left.get(self._column, 0) > 0:
            self._rows_left[self._column] -= 1
            self._column += 1
            marks += "|^ "
        return marks

    def _end_of_row(self) -> str:
        return f"{self._end_of_cell()}{self._cells_above() if self._column else ''}"


def _span(tag: Tag, name: str) -> int:
    value = tag.attributes.get(name, "1")
    return max(min(int(value), _MOST_COLUMNS), 1) if value.isascii() and value.isdigit() and len(value) < 6 else 1
