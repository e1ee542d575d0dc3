"""Read rows from JSON lines: an object on each line."""

from typing import Final

from lib.domain.batches.recipients.checks.row_check import RowCheck
from lib.domain.batches.recipients.problem import MAX_ROW
from lib.domain.batches.recipients.sources.json_rows import JsonRows, without_bom

_SPACE: Final = b" \t\r"


class JsonLines:
    """Reads rows from bytes, and gives them to `check`. Memory: one line."""

    encoding = "UTF-8"
    delimiter = None

    def __init__(self, check: RowCheck) -> None:
        self._check = check
        self._rows = JsonRows(check)
        self._line = 0
        self._rest = b""
        self._is_skipping = False
        self.blank_lines = 0

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each member as the sender wrote it, and its name here; "" if it is ignored."""
        return tuple(self._rows.columns.items())

    def read(self, data: bytes, *, is_last: bool = False) -> None:
        """Read the rows that are complete with these bytes. Raise UnreadableError."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if is_last and self._rest:
            lines.append(self._rest)
        if lines and (self._is_skipping or len(lines[0]) > MAX_ROW):
            self._skip()
            del lines[0]
            self._is_skipping = False
        for line in lines:
            self._add(line)
        if self._is_skipping or len(self._rest) > MAX_ROW:
            self._skip()
            self._rest = b""

    def _skip(self) -> None:
        """Give up a line that is too long: its bytes are dropped up to its end."""
        if not self._is_skipping:
            self._is_skipping = True
            self._line += 1
            self._check.refuse(self._line, "TOO_LONG", f"has more than {MAX_ROW} bytes")

    def _add(self, line: bytes) -> None:
        self._line += 1
        text = line if self._line > 1 else without_bom(line)
        if text.strip(_SPACE):
            self._rows.add(self._line, text)
        else:
            self.blank_lines += 1
