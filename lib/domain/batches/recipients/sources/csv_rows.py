"""Read the rows of a CSV file (RFC 4180)."""

import csv
from collections.abc import Iterator, Sequence

from lib.domain.batches.recipients.checks.columns import Layout
from lib.domain.batches.recipients.checks.row_check import RowCheck
from lib.domain.batches.recipients.problem import MAX_ROW
from lib.domain.batches.recipients.sources.encoding import Decoder
from lib.domain.batches.recipients.sources.header import Header
from lib.domain.batches.recipients.sources.records import Record, Records

# Records bounds a record, and RowCheck a field: it can name the column
csv.field_size_limit(MAX_ROW)


class CsvRows:
    """Reads rows from bytes, and gives them to `check`.

    Encoding, delimiter and line ends are found in the file. Rows without any value are skipped.
    """

    def __init__(self, check: RowCheck, charset: str | None = None) -> None:
        self._check = check
        self._decoder = Decoder(charset)
        self._header = Header()
        self._layout: Layout | None = None
        self._records: Records | None = None
        self._line = 0
        self._blank_rows = 0

    @property
    def encoding(self) -> str:
        """The encoding of the file, as far as it is known."""
        return self._decoder.encoding

    @property
    def delimiter(self) -> str | None:
        """The delimiter; None where it is not known yet."""
        return self._header.delimiter

    @property
    def blank_lines(self) -> int:
        """The number of lines and rows without any value."""
        return self._header.blank_lines + self._blank_rows

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each column as the sender wrote it, and its name here; "" if it is ignored."""
        layout = self._layout
        return tuple(zip(layout.written, layout.names, strict=True)) if layout else ()

    def read(self, data: bytes, *, is_last: bool = False) -> None:
        """Read the rows that are complete with these bytes. Raise UnreadableError."""
        text = self._decoder.decode(data, is_last=is_last)
        if self._header.ends_with_cr:
            text = text.replace("\r", "\n")
        if self._layout is None or self._records is None:
            found = self._header.read(text, is_last=is_last)
            if found is None:
                return
            self._layout, text = found
            self._records = Records(self._header.delimiter or ",", self._header.line)
        self._add_all(self._layout, self._records.split(text, is_last=is_last))

    def _add_all(self, layout: Layout, records: Sequence[Record]) -> None:
        # each text is one record, so the reader never reads ahead
        reader = csv.reader(
            self._sound(records), delimiter=self._header.delimiter or ",", strict=True
        )
        while True:
            try:
                for cells in reader:
                    self._add(layout, cells)
            except csv.Error as error:
                self._refuse(str(error))
            else:
                return

    def _sound(self, records: Sequence[Record]) -> Iterator[str]:
        for line, text, problem in records:
            self._line = line
            if problem is None:
                yield text
            else:
                self._check.refuse(line, *problem)

    def _add(self, layout: Layout, cells: list[str]) -> None:
        if not cells or (not cells[0].strip() and not "".join(cells).strip()):
            self._blank_rows += 1
        elif len(cells) == len(layout.written):
            self._check.add(self._line, layout, cells)
        else:
            rule = f"has {len(cells)} fields, and the header row has {len(layout.written)}"
            self._check.refuse(self._line, "FIELD_COUNT", rule)

    def _refuse(self, error: str) -> None:
        if error.startswith("new-line"):
            rule = "has a line break within a field: such a field must be in quotes"
            self._check.refuse(self._line, "LINE_BREAK", rule)
        else:
            rule = "has text after a closing quote: a quote within a quoted field is doubled"
            self._check.refuse(self._line, "BROKEN_QUOTES", rule)
