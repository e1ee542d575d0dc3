"""Tables as CSV text: no cell is computed by a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.csv_text import Cell, csv_text


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+39 02 1", "@SUM(A1)", "-1+1", "-", "\t=1", "\r=1", "\n=1", "＝1", "－1"),  # noqa: RUF001
        *("-1e5", "--1", "-1,", '=HYPERLINK("http://x")', "-2+3+cmd|' /C calc'!A0"),
    ],
)
def test_a_formula_becomes_a_text(cell: str) -> None:
    """The apostrophe tells a spreadsheet so, and it does not show it."""
    ((written,),) = csv.reader(io.StringIO(csv_text([[cell]]), newline=""))

    assert written == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-1", "-1,50", "-1.50", "1+1", "a=b", "", "'", " =1", "x@y.it", 5, -5]
)
def test_another_cell_is_written_as_it_is(cell: str | int) -> None:
    """A plain negative number stays a number."""
    assert csv_text([["x", cell]], ";") == f"x;{cell}\r\n"


def test_the_form_is_that_of_rfc_4180() -> None:
    """Lines end with CRLF; delimiter, quotes and line breaks are quoted; None is empty."""
    rows: list[list[Cell]] = [["a", "b;c", 'd"e'], ["f\r\ng", None, 1]]

    assert csv_text(rows, ";") == 'a;"b;c";"d""e"\r\n"f\r\ng";;1\r\n'
    assert csv_text(rows) == 'a,b;c,"d""e"\r\n"f\r\ng",,1\r\n'


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1)))
def test_a_table_may_be_written_in_parts(rows: list[list[str]]) -> None:
    """Each row is written by itself."""
    assert csv_text(rows) == "".join(csv_text([row]) for row in rows)
