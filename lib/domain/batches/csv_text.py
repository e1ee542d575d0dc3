"""Write tables as CSV (RFC 4180) that a spreadsheet shows as text and never computes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

Delimiter = Literal[",", ";"]
"""Spreadsheets in Italian expect the semicolon."""
Cell = str | int | None

BOM: Final = "\ufeff"
"""The first character of a file that Excel is to read as UTF-8."""

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 (Excel reads them alike)
_NEGATIVE_NUMBER: Final = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")


def csv_text(rows: Iterable[Iterable[Cell]], delimiter: Delimiter = ",") -> str:
    """Return the rows as text with CRLF line ends; None is an empty cell.

    A text that a spreadsheet would take for a formula gets a leading apostrophe. A plain negative
    number stays a number. A long table can be written in parts.
    """
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(map(_harmless, rows))
    return text.getvalue()


def _harmless(row: Iterable[Cell]) -> Iterator[Cell]:
    for cell in row:
        is_formula = (
            isinstance(cell, str)
            and _FORMULA.match(cell) is not None
            and _NEGATIVE_NUMBER.fullmatch(cell) is None
        )
        yield f"'{cell}" if is_formula else cell
