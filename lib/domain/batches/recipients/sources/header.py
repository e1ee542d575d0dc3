"""Find the header row of a CSV file, its delimiter and its line ends."""

import csv
import re
from typing import Final

from lib.domain.batches.column_names import own_name, plain_name
from lib.domain.batches.recipients.checks.characters import damage
from lib.domain.batches.recipients.checks.columns import (
    MAX_NAME,
    NOWHERE,
    Layout,
    LayoutError,
    layout_of,
)
from lib.domain.batches.recipients.problem import UnreadableError
from lib.domain.shared.identifiers import is_owner

MAX_HEADER: Final = 65_536
"""The most characters up to the end of the header row."""
DELIMITERS: Final = ";,\t|"

_DECLARED: Final = re.compile(r"sep=([;,\t|])", re.IGNORECASE)
"""The line by which Excel is told the delimiter."""
_NO_NAMES: Final = DELIMITERS + ' \r"'
_LINE_END: Final = re.compile(r"\r\n?|\n")


class Header:
    """Reads a file up to its header row. `line`: the number of the next line.

    `ends_with_cr`: the lines of the file end with a carriage return alone, as on an old Macintosh.
    """

    def __init__(self) -> None:
        self.line = 1
        self.blank_lines = 0
        self.ends_with_cr = False
        self.delimiter: str | None = None
        self._text = ""

    def read(self, text: str, *, is_last: bool) -> tuple[Layout, str] | None:
        """Return the columns, and the text after the header; None where more text is needed.

        Raise UnreadableError.
        """
        self._text += text
        while (line := self._next_line(is_last=is_last)) is not None:
            if not line.strip(_NO_NAMES):
                self.blank_lines += 1
            elif declared := _DECLARED.fullmatch(line):
                self.delimiter = declared[1]
            else:
                layout = self._layout(line)
                self.line += line.count("\n") + 1
                return layout, self._text
            self.line += 1
        return None

    def _next_line(self, *, is_last: bool) -> str | None:
        quotes, counted = 0, 0
        for found in _LINE_END.finditer(self._text):
            end, after = found.span()
            quotes, counted = quotes + self._text.count('"', counted, end), end
            if quotes % 2:
                continue
            if found[0] == "\r" and after == len(self._text) and not is_last:
                return None
            if end > MAX_HEADER:
                break
            if found[0] == "\r":
                self.ends_with_cr = True
                self._text = self._text.replace("\r", "\n")
            return self._take(end, after)
        if len(self._text) <= MAX_HEADER:
            if not is_last or not self._text:
                return None
            if self._text.count('"') % 2 == 0:
                return self._take(len(self._text), len(self._text))
        rule = f"has no end within {MAX_HEADER} characters, or a quote that is never closed"
        raise UnreadableError(self.line, "HEADER", f"the header row {rule}")

    def _take(self, end: int, after: int) -> str:
        line, self._text = self._text[:end], self._text[after:]
        return line

    def _layout(self, header: str) -> Layout:
        if damaged := damage(header):
            raise UnreadableError(self.line, "ENCODING", f"the header row {damaged[1]}")
        written = self._columns(header)
        if any(is_owner(column.strip().upper()) for column in written):
            rule = "the first row has a fiscal code: it must have the names of the columns"
            raise UnreadableError(self.line, "HEADER", rule)
        try:
            layout = layout_of(written)
        except LayoutError as error:
            column = f"the column {error.column} " if error.column else "the header row: "
            raise UnreadableError(self.line, error.code, column + error.message) from None
        if layout.fiscal_code == NOWHERE:
            rule = "the header row has no column fiscal_code (codice_fiscale, cf)"
            raise UnreadableError(self.line, "MISSING_COLUMN", rule)
        return layout

    def _columns(self, header: str) -> list[str]:
        """Return the columns by the delimiter that finds the fiscal code, or the most of them."""
        best: tuple[bool, int, str, list[str]] | None = None
        has_error = False
        for delimiter in self.delimiter or DELIMITERS:
            try:
                columns = next(csv.reader([header], delimiter=delimiter, strict=True))
            except csv.Error:
                has_error = True
                continue
            names = (own_name(plain_name(one)) for one in columns if len(one) <= MAX_NAME)
            has_code = any(name == "fiscal_code" for name in names)
            if best is None or (has_code, len(columns)) > best[:2]:
                best = has_code, len(columns), delimiter, columns
        if best is None or (has_error and not best[0]):
            rule = "the header row has text after a closing quote"
            raise UnreadableError(self.line, "HEADER", rule)
        self.delimiter = best[2]
        return best[3]
