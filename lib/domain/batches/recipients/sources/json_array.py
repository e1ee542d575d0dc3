"""Read rows from one JSON document, an array of objects, in parts.

The array is split here, and each row is parsed by itself: a row that is wrong inside costs itself
alone, and each problem has its line. A parser of streams (ijson) ends at the first error, knows no
lines, and takes twice as long.
"""

import re
from typing import Final, Literal, NoReturn

from lib.domain.batches.recipients.checks.row_check import RowCheck
from lib.domain.batches.recipients.problem import MAX_ROW, UnreadableError
from lib.domain.batches.recipients.sources.json_rows import JsonRows, without_bom

_MAX_OPENING: Final = 1024
_OPENING: Final = re.compile(rb'\s*(\{\s*"recipients"\s*:\s*)?\[')
_FLAT: Final = re.compile(
    rb'\s*+(\{(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+\})\s*+([,\]])', re.DOTALL
)
"""An object without nested values, and what ends it: nearly every row."""
_NO_END: Final = f"a row here has more than {MAX_ROW} bytes, or no end"
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\],]', re.DOTALL)


class JsonArray:
    """Reads rows from bytes, and gives them to `check`. Memory: one row.

    The document is an array, or an object with an array as its one member `recipients`.
    """

    encoding = "UTF-8"
    delimiter = None
    blank_lines = 0

    def __init__(self, check: RowCheck) -> None:
        self._check = check
        self._rows = JsonRows(check)
        self._text = b""
        self._searched = 0
        self._depth = 0
        self._line = 1
        self._is_open = False
        self._is_wrapped = False
        self._is_closed = False
        self._is_first = True

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each member as the sender wrote it, and its name here; "" if it is ignored."""
        return tuple(self._rows.columns.items())

    def read(self, data: bytes, *, is_last: bool = False) -> None:
        """Read the rows that are complete with these bytes. Raise UnreadableError."""
        self._text += data
        if not self._is_open:
            self._open(is_last=is_last)
        if self._is_open:
            self._read_rows()
        if self._is_closed:
            self._check_end(is_last=is_last)
        elif is_last and self._is_open:
            self._fail("INVALID_JSON", "the array of rows is not closed: a row here has no end")
        elif self._is_open and len(self._text) > MAX_ROW:
            self._fail("TOO_LONG", _NO_END)

    def _open(self, *, is_last: bool) -> None:
        text = without_bom(self._text)
        if found := _OPENING.match(text):
            self._is_open, self._is_wrapped = True, found[1] is not None
            self._line += text.count(b"\n", 0, found.end())
            self._text = text[found.end() :]
        elif len(text) > _MAX_OPENING or (is_last and text.strip()):
            rule = 'must be an array of rows, or an object with the one member "recipients"'
            self._fail("INVALID_JSON", rule)

    def _read_rows(self) -> None:
        text, place = self._text, 0
        while not self._is_closed:
            if not self._searched and (found := _FLAT.match(text, place)):
                start, end = found.span(1)[0], found.span(2)[0]
                row = found[1]
            elif (end := self._end_of(text, place)) >= 0:
                row = text[place:end].lstrip()
                start, row = end - len(row), row.rstrip()
            else:
                break
            self._add(self._line + text.count(b"\n", place, start), row, text[end : end + 1])
            self._line += text.count(b"\n", place, end)
            place = end + 1
        self._text = text[place:]

    def _end_of(self, text: bytes, place: int) -> int:
        """Return the place of the comma or bracket that ends the row; -1 if it has not come yet.

        The search goes on where the last one ended, so that each byte is looked at once.
        """
        for found in _TOKEN.finditer(text, place + self._searched):
            match found[0]:
                case b"{" | b"[":
                    self._depth += 1
                case b"," | b"]" if not self._depth:
                    self._searched = 0
                    return found.start()
                case b"}" | b"]":
                    self._depth = max(0, self._depth - 1)
                case b'"':
                    break
            self._searched = found.end() - place
        return -1

    def _add(self, line: int, row: bytes, ends_with: bytes) -> None:
        if len(row) > MAX_ROW:
            self._fail("TOO_LONG", _NO_END)
        self._is_closed = ends_with == b"]"
        if row:
            self._rows.add(line, row)
        elif not (self._is_first and self._is_closed):
            self._check.refuse(line, "INVALID_JSON", "is empty: there is a comma too many")
        self._is_first = False

    def _check_end(self, *, is_last: bool) -> None:
        self._text = self._text.strip()
        expected = b"}" if self._is_wrapped else b""
        if self._text not in {b"", expected} or (is_last and self._text != expected):
            self._fail("INVALID_JSON", "the document does not end after the array of rows")

    def _fail(self, code: Literal["INVALID_JSON", "TOO_LONG"], rule: str) -> NoReturn:
        raise UnreadableError(self._line, code, rule)
