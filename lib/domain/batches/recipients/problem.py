"""Problems of a file of recipients: of one row, or of the file as a whole."""

from dataclasses import dataclass
from typing import Final, Literal

from lib.domain.shared.identifiers import Reference

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 100
MAX_FIELD: Final = 10_000
"""The most characters of a value."""
MAX_ROW: Final = 4_000_000
"""The most characters, in JSON bytes, that are kept of a row to find its end."""

_SHOWN: Final = 40

RowCode = Literal[
    "ABOUT",
    "AMBIGUOUS_AMOUNT",
    "AMOUNT",
    "BROKEN_QUOTES",
    "CHECK_CHARACTER",
    "CONTROL_CHARACTER",
    "DUE_DATE",
    "DUPLICATE_COLUMN",
    "DUPLICATE_NOTICE_NUMBER",
    "DUPLICATE_REFERENCE",
    "DUPLICATE_ROW",
    "ENCODING",
    "FIELD_COUNT",
    "FISCAL_CODE",
    "FLAG",
    "INCOMPLETE_PAYMENT",
    "INSTALMENTS",
    "INVALID_JSON",
    "LINE_BREAK",
    "NOTICE_NUMBER",
    "NOT_AN_AMOUNT",
    "NOT_A_DAY",
    "PAYEE",
    "REFERENCE",
    "TOO_LONG",
    "TOO_MANY_COLUMNS",
    "VALUE_MISSING",
    "WRONG_LENGTH",
    "WRONG_TYPE",
]
"""The rule that a row breaks, in the list or in its text (RowFault)."""

FileCode = Literal[
    "DUPLICATE_COLUMN",
    "EMPTY",
    "ENCODING",
    "HEADER",
    "INSTALMENTS",
    "INVALID_JSON",
    "MISSING_COLUMN",
    "QUOTES",
    "TOO_LARGE",
    "TOO_LONG",
    "TOO_MANY_COLUMNS",
    "TOO_MANY_ROWS",
]
"""The rule that a file breaks, so that it cannot be read to its end."""


@dataclass(frozen=True, slots=True, repr=False)
class RowProblem:
    """A rule that a row breaks. `line`: the first line of the row. `row`: its number, from 1.

    `field`: the column as its sender named it, "" for the row as a whole. `message`: the rule in
    words, without any value. `shape`: the form of the wrong value, as `shape_of` returns it.
    `reference`: the row's own, for the sender alone.
    """

    line: int
    row: int
    field: str
    code: RowCode
    message: str
    shape: str = ""
    reference: Reference | None = None

    def __repr__(self) -> str:
        """Return place and rule only: the rest may be personal data."""
        return f"RowProblem(line={self.line}, row={self.row}, code={self.code!r})"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """The reason why a file cannot be read. `line`: its place, 0 for the file as a whole."""

    line: int
    code: FileCode
    message: str


class UnreadableError(Exception):
    """The file breaks a rule so that its rest cannot be read; only the reader sees this error."""

    def __init__(self, line: int, code: FileCode, message: str) -> None:
        super().__init__(code)
        self.problem = FileProblem(line, code, message)


class _Shapes(dict[int, str]):
    """The form of each character, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isdigit():
            return "9"
        if character.isalpha():
            return "X" if character.isupper() else "x"
        return character if character.isprintable() else "?"


_SHAPES: Final = _Shapes((code, _Shapes()[code]) for code in range(128))


def shape_of(value: str) -> str:
    """Return the form of a value without its content: X and x for letters, 9 for digits.

    With A and 0, the form of a fiscal code would be the code of a citizen of the sandbox.
    """
    form = value[:_SHOWN].translate(_SHAPES)
    return f"{form}…" if len(value) > _SHOWN else form
