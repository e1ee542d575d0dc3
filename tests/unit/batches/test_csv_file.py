"""A file to download takes the memory of its text, however many rows it has."""

import tracemalloc
from collections.abc import AsyncIterator

from functions.http.contract.endpoint import File
from functions.http.pa.batches.files import csv_file

COLUMNS = ("row", "reference")
ROWS = 30_000


async def _rows(count: int) -> AsyncIterator[tuple[int, str]]:
    for number in range(count):
        yield number, f"a reference of the row {number}"


async def test_each_row_is_in_the_file() -> None:
    """Also where the last part is not full, and where it is."""
    for count in (0, 1, 999, 1000, 1001, 2000):
        answer = await csv_file("x.csv", COLUMNS, _rows(count))
        assert isinstance(answer.body, File)
        lines = answer.body.content.decode().splitlines()
        assert lines == [
            "row,reference",
            *(f"{one},a reference of the row {one}" for one in range(count)),
        ]


async def test_the_rows_are_not_held() -> None:
    """The peak is that of the text, not of a tuple and its texts for each row."""
    tracemalloc.start()
    try:
        answer = await csv_file("x.csv", COLUMNS, _rows(ROWS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(answer.body, File)
    assert peak < 3 * len(answer.body.content) + 1_000_000
