"""Files of recipients, and what a reader finds in them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.batches.recipients.reader import FileReport, Form, RecipientsReader, read
from lib.domain.batches.recipients.row import Row, RowPayment
from lib.domain.shared.check_characters import check_character

NOW: Final = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
ROSSI: Final = "RSSMRA80A01H501U"


def a_code(number: int) -> str:
    """Return one of many fiscal codes, with its check character."""
    letters = ""
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters += chr(ord("A") + letter)
    return (code := f"{letters}80A01H501") + check_character(code)


class Found(NamedTuple):
    """All that a reader found in a file."""

    rows: list[Row]
    problems: list[RowProblem]
    report: FileReport

    @property
    def row(self) -> Row:
        """The only row, which is good."""
        assert self.problems == []
        assert self.report.problem is None
        (row,) = self.rows
        return row

    @property
    def problem(self) -> RowProblem:
        """The only problem, which leaves no row."""
        assert self.rows == []
        (problem,) = self.problems
        return problem

    @property
    def places(self) -> list[tuple[int, int, str, str]]:
        """Line, row, field and code of each problem."""
        return [(one.line, one.row, one.field, one.code) for one in self.problems]

    @property
    def refusal(self) -> tuple[int, str]:
        """Line and code of the problem that makes the file unreadable."""
        assert self.report.problem is not None
        return self.report.problem.line, self.report.problem.code


def read_all(
    data: bytes | Iterable[bytes],
    form: Form = "CSV",
    *,
    charset: str | None = None,
) -> Found:
    """Read a file that comes at once, or in the given parts."""
    reader = RecipientsReader(form, NOW, charset)
    rows, problems = list[Row](), list[RowProblem]()
    for checked in read([data] if isinstance(data, bytes) else data, reader):
        rows += checked.rows
        problems += checked.problems
    return Found(rows, problems, reader.report)


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    """Return lines as a file with LF line ends."""
    return "".join(f"{line}\n" for line in lines).encode(encoding)


def read_csv(*lines: str) -> Found:
    """Read a CSV file of these lines."""
    return read_all(csv_of(*lines))


def read_cells(**cells: str) -> Found:
    """Read a CSV file of one row: a column and its value each, in a file with semicolons."""
    values = {"fiscal_code": ROSSI, **cells}
    quoted = ('"' + value.replace('"', '""') + '"' for value in values.values())
    return read_csv(";".join(values), ";".join(quoted))


def payment_of(row: Row) -> RowPayment:
    """Return the payment of a row that has one."""
    assert row.payment is not None
    return row.payment


def texts(rows: Iterable[Row]) -> list[Mapping[str, Any]]:
    """Return the values of each row."""
    return [row.values for row in rows]
