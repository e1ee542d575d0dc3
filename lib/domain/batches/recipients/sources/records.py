"""Split the text of a CSV file into records, whatever the parts in which it comes."""

from typing import Final, NamedTuple

from lib.domain.batches.recipients.problem import MAX_ROW, RowCode, UnreadableError

MAX_OPEN_QUOTES: Final = 100
"""The most quotes that are never closed, before the quotes of the whole file count as wrong."""


class Record(NamedTuple):
    """A record with its first line, counted from 1; with a `problem` its text is of no use."""

    line: int
    text: str
    problem: tuple[RowCode, str] | None = None


class Records:
    """Splits text at the line ends that are not within quotes. `line`: the number of the first.

    A quote that is never closed costs its line alone: the next line begins a record again.
    Memory: the text of one record.
    """

    def __init__(self, delimiter: str, line: int) -> None:
        self._delimiter = delimiter
        self._before_quote = f'{delimiter}"'
        self._line = line
        self._rest = ""
        self._open: list[str] = []
        self._is_skipping = False
        self._broken = 0

    def split(self, text: str, *, is_last: bool = False) -> list[Record]:
        """Return the records that are complete with this text. Raise UnreadableError."""
        lines = (self._rest + text).split("\n")
        self._rest = lines.pop()
        if is_last and self._rest:
            lines.append(self._rest)
            self._rest = ""
        records: list[Record] = []
        if lines and (self._is_skipping or len(lines[0]) > MAX_ROW):
            records += self._skip()
            del lines[0]
            self._is_skipping = False
        records += self._joined(lines, is_last=is_last)
        if self._is_skipping or len(self._rest) > MAX_ROW:
            records += self._skip()
            self._rest = ""
        return records

    def _skip(self) -> list[Record]:
        """Give up a line that is too long: its text is dropped up to its end."""
        if self._is_skipping:
            return []
        self._is_skipping = True
        records = self._joined([], is_last=True)
        rule = f"has more than {MAX_ROW} characters"
        records.append(Record(self._line, "", ("TOO_LONG", rule)))
        self._line += 1
        return records

    def _joined(self, lines: list[str], *, is_last: bool) -> list[Record]:
        """Return the records of the lines; those of a record that is still open are kept."""
        records: list[Record] = []
        start, at, is_open = 0, len(self._open), bool(self._open)
        length = sum(map(len, self._open))
        pending = [*self._open, *lines] if is_open else lines
        while start < len(pending):
            if at < len(pending):
                ends = self._ends(pending[at], is_open=is_open)
                length += len(pending[at])
                if ends is False and length <= MAX_ROW:
                    at, is_open = at + 1, True
                    continue
            elif is_last:
                ends = False
            else:
                break
            if ends or at == start:
                text = pending[at] if at == start else "\n".join(pending[start : at + 1])
                records.append(Record(self._line + start, text))
                start = at + 1
            else:
                records.append(self._unclosed(self._line + start))
                start += 1
            at, is_open, length = start, False, 0
        self._line += start
        self._open = pending[start:]
        return records

    def _unclosed(self, line: int) -> Record:
        self._broken += 1
        if self._broken > MAX_OPEN_QUOTES:
            raise UnreadableError(line, "QUOTES", "has quotes that are never closed on many lines")
        return Record(line, "", ("BROKEN_QUOTES", "opens a quote that is never closed"))

    def _ends(self, line: str, *, is_open: bool) -> bool | None:
        """Tell whether a record ends with this line; None where a quote cannot be where it is.

        `is_open`: the line begins within quotes. The rules are those of the csv module: a quote
        opens at the start of a field alone, and a doubled quote is a character of the field.
        """
        place = 0
        while True:
            if is_open:
                place = line.find('"', place) + 1
                if not place:
                    return False
                if line.startswith('"', place):
                    place += 1
                    continue
                if not line.startswith(self._delimiter, place):
                    return None if line[place:].strip("\r") else True
                place += 1
            is_open = line.startswith('"', place)
            if not is_open:
                place = line.find(self._before_quote, place) + 1
                if not place:
                    return True
                is_open = True
            place += 1
