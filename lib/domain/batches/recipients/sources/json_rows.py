"""Take rows from JSON objects, whose members are the columns."""

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import orjson

from lib.domain.batches.recipients.checks.columns import Layout, LayoutError, layout_of
from lib.domain.batches.recipients.checks.row_check import RowCheck
from lib.domain.batches.recipients.checks.sums import Finding
from lib.domain.batches.recipients.problem import MAX_COLUMNS, UnreadableError

_MOST_LAYOUTS: Final = 256
_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")


def without_bom(start: bytes) -> bytes:
    """Return the first bytes of a JSON file without a byte order mark. Raise UnreadableError."""
    if start.startswith(_UTF16_BOMS):
        raise UnreadableError(0, "ENCODING", "is not UTF-8, the one encoding of JSON")
    return start.removeprefix(_UTF8_BOM)


class JsonRows:
    """Gives JSON objects to `check`, each as a row of texts; a null is an empty cell.

    `columns`: each member as the sender wrote it, with its name here.
    """

    def __init__(self, check: RowCheck) -> None:
        self._check = check
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self.columns: dict[str, str] = {}

    def add(self, line: int, text: bytes) -> None:
        """Check the row in a JSON text. Raise UnreadableError for too many rows."""
        try:
            members = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self._refuse(line, text, error.pos)
            return
        if type(members) is not dict:
            self._check.refuse(line, "WRONG_TYPE", "is not a JSON object")
            return
        try:
            layout = self._layout(tuple(members))
        except LayoutError as error:
            self._check.refuse(line, error.code, error.message, error.column)
            return
        found: list[Finding] = []
        cells = [
            value if type(value) is str else _cell(name, value, found)
            for name, value in zip(layout.names, members.values(), strict=True)
        ]
        self._check.add(line, layout, cells, found)

    def _refuse(self, line: int, text: bytes, place: int) -> None:
        try:
            text.decode()
        except UnicodeDecodeError:
            self._check.refuse(line, "ENCODING", "is not UTF-8, the one encoding of JSON")
        else:
            rule = f"is not valid JSON: the error is at its character {place + 1}"
            self._check.refuse(line, "INVALID_JSON", rule)

    def _layout(self, names: tuple[str, ...]) -> Layout:
        known = self._layouts.get(names)
        if known is not None:
            return known
        layout = layout_of(names)
        if len(self._layouts) >= _MOST_LAYOUTS:
            self._layouts.clear()
        self._layouts[names] = layout
        room = max(0, MAX_COLUMNS - len(self.columns))
        new = [pair for pair in _pairs(layout) if pair[0] not in self.columns]
        self.columns.update(new[:room])
        return layout


def _pairs(layout: Layout) -> Sequence[tuple[str, str]]:
    return tuple(zip(layout.written, layout.names, strict=True))


def _cell(name: str, value: Any, found: list[Finding]) -> str:
    match value:
        case None:
            return ""
        case bool() if name == "invalid_after_due_date":
            return "true" if value else "false"
        case int() if not isinstance(value, bool):
            return str(value)
        case float() if isfinite(value):
            return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    rule = "must be a text or a number"
    found.append(Finding(name, "WRONG_TYPE", rule))
    return ""
