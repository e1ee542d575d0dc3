"""Read a file of recipients from a stream of bytes: its form, its rows and their problems."""

from asyncio import sleep
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Final, Literal

from lib.domain.batches.recipients.checks.row_check import Checked, RowCheck
from lib.domain.batches.recipients.problem import MAX_BYTES, FileProblem, UnreadableError
from lib.domain.batches.recipients.sources.csv_rows import CsvRows
from lib.domain.batches.recipients.sources.json_array import JsonArray
from lib.domain.batches.recipients.sources.json_lines import JsonLines

Form = Literal["CSV", "JSON_LINES", "JSON"]

_FORMS: Final[dict[str, Form]] = {
    "text/csv": "CSV",
    "application/x-ndjson": "JSON_LINES",
    "application/jsonl": "JSON_LINES",
    "application/json": "JSON",
}
_PART: Final = 16_384
"""The bytes that are read at once: a few milliseconds of work."""


def form_of(content_type: str) -> tuple[Form, str | None] | None:
    """Return form and charset of a file by its Content-Type; None where rows have no such form."""
    header = Message()
    header["Content-Type"] = content_type
    form = _FORMS.get(header.get_content_type())
    return None if form is None else (form, header.get_content_charset())


@dataclass(frozen=True, slots=True)
class FileReport:
    """The facts about a file, as far as it was read.

    `columns`: each column as the sender wrote it, and its name here; "" if it is ignored.
    `wrong_rows`: the rows with a problem, among `rows`. `problem`: the reason why the file could
    not be read to its end; its rows must not be used then.
    """

    form: Form
    encoding: str
    delimiter: str | None
    columns: tuple[tuple[str, str], ...]
    blank_lines: int
    size: int
    rows: int
    wrong_rows: int
    problem: FileProblem | None


class RecipientsReader:
    """Reads the rows of one file, whose bytes come in parts of any size.

    `now`: a due date before it is refused. `charset`: the encoding that the sender named for CSV.
    Memory: one row, and at most 60 bytes for each reference and notice number.
    """

    def __init__(self, form: Form, now: datetime, charset: str | None = None) -> None:
        self._form: Form = form
        self._check = RowCheck(now)
        self._source: CsvRows | JsonLines | JsonArray
        match form:
            case "CSV":
                self._source = CsvRows(self._check, charset)
            case "JSON_LINES":
                self._source = JsonLines(self._check)
            case "JSON":
                self._source = JsonArray(self._check)
        self._size = 0
        self._problem: FileProblem | None = None

    @property
    def report(self) -> FileReport:
        """The facts about the file so far."""
        source = self._source
        return FileReport(
            form=self._form,
            encoding=source.encoding,
            delimiter=source.delimiter,
            columns=source.columns,
            blank_lines=source.blank_lines,
            size=self._size,
            rows=self._check.count,
            wrong_rows=self._check.wrong,
            problem=self._problem,
        )

    @property
    def is_unreadable(self) -> bool:
        """Whether the rest of the file cannot be read; `report` says why."""
        return self._problem is not None

    def feed(self, data: bytes) -> Checked:
        """Return the rows that are complete with these bytes; none once the file is unreadable.

        Cost: about 10 microseconds of CPU a row, at once.
        """
        self._size += len(data)
        if self._size > MAX_BYTES and self._problem is None:
            rule = f"has more than {MAX_BYTES} bytes; send the rest in another batch"
            self._problem = FileProblem(0, "TOO_LARGE", rule)
        return self._read(data)

    def close(self) -> Checked:
        """Return the last rows. The report is complete then."""
        checked = self._read(b"", is_last=True)
        if self._problem is None and not self._check.count:
            self._problem = FileProblem(0, "EMPTY", "has no rows")
        return checked

    def _read(self, data: bytes, *, is_last: bool = False) -> Checked:
        if self._problem is None:
            try:
                for part in parts_of(data):
                    self._source.read(part)
                if is_last:
                    self._source.read(b"", is_last=True)
            except UnreadableError as error:
                self._problem = error.problem
        return self._check.take()


def parts_of(data: bytes) -> Iterator[bytes]:
    """Yield the bytes in parts that each take a few milliseconds to read."""
    for start in range(0, len(data), _PART):
        yield data[start : start + _PART]


def read(chunks: Iterable[bytes], reader: RecipientsReader) -> Iterator[Checked]:
    """Yield what the reader finds in the chunks of a file, and stop where it is unreadable."""
    for chunk in chunks:
        for part in parts_of(chunk):
            yield reader.feed(part)
            if reader.is_unreadable:
                return
    yield reader.close()


async def read_stream(
    chunks: AsyncIterable[bytes], reader: RecipientsReader
) -> AsyncIterator[Checked]:
    """Yield what the reader finds in the chunks of a stream, and stop where it is unreadable.

    Concurrency: other tasks run between two parts of a chunk.
    """
    async for chunk in chunks:
        for part in parts_of(chunk):
            yield reader.feed(part)
            if reader.is_unreadable:
                return
            await sleep(0)
    yield reader.close()
