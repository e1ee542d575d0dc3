"""CSV files of recipients as people and programs write them."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.recipients.problem import MAX_COLUMNS, MAX_FIELD, MAX_ROW, MAX_ROWS
from lib.domain.batches.recipients.sources.records import MAX_OPEN_QUOTES, Records
from tests.unit.batches.support import ROSSI, a_code, csv_of, read_all, read_csv, texts

VERDI = a_code(1)
BIANCHI = a_code(2)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_delimiter_and_line_ends_are_found(delimiter: str, line_end: str, bom: str) -> None:
    """The report tells the delimiter; the last line may have no end."""
    lines = (("Codice Fiscale", "nome"), (ROSSI, "Mario"), (VERDI, "Ugo"))
    text = bom + line_end.join(delimiter.join(cells) for cells in lines)

    found = read_all(text.encode())

    assert texts(found.rows) == [{"nome": "Mario"}, {"nome": "Ugo"}]
    assert [(row.number, row.line) for row in found.rows] == [(1, 2), (2, 3)]
    assert found.report.delimiter == delimiter
    assert found.report.columns == (("Codice Fiscale", "fiscal_code"), ("nome", "nome"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_longer_file_has_the_same_line_ends(line_end: str) -> None:
    """Its parts end anywhere."""
    lines = ["cf;nome", *(f'{a_code(at)};"{at}"' for at in range(2_000))]
    found = read_all(line_end.join(lines).encode())

    assert texts(found.rows) == [{"nome": str(at)} for at in range(2_000)]
    assert [row.line for row in found.rows] == [*range(2, 2_002)]


def test_a_file_of_one_column_needs_no_delimiter() -> None:
    """A list of codes is a file of recipients."""
    found = read_csv("cf", ROSSI, VERDI)

    assert [row.fiscal_code for row in found.rows] == [ROSSI, VERDI]


def test_the_delimiter_is_the_one_that_finds_the_fiscal_code() -> None:
    """Commas in a name of a column are no delimiters."""
    found = read_csv("codice fiscale|via, numero, interno, scala", f"{ROSSI}|Roma, 1, 2, B")

    assert found.report.delimiter == "|"
    assert found.row.values == {"via_numero_interno_scala": "Roma, 1, 2, B"}


def test_excel_may_name_the_delimiter() -> None:
    """The line is no header."""
    found = read_csv("sep=|", "cf|a;b;c", f"{ROSSI}|1")

    assert found.report.delimiter == "|"
    assert found.row.line == 3


def test_blank_lines_and_rows_are_counted_and_are_no_rows() -> None:
    """Spreadsheets write rows of delimiters after the last one."""
    found = read_csv("", "cf;nome", "", f"{ROSSI};Mario", " ", ";", " ; ", f"{VERDI};Ugo", ";", "")

    assert [(row.number, row.line) for row in found.rows] == [(1, 4), (2, 8)]
    assert found.report.blank_lines == 7
    assert found.report.rows == 2
    assert found.problems == []


def test_a_quoted_value_may_have_line_breaks_quotes_and_delimiters() -> None:
    """The line of a row is its first one."""
    found = read_csv("cf;nome;via", f'{ROSSI};"Mario;\r\n""il"" Rossi\n";Roma', f'"{VERDI}";Ugo;""')

    assert texts(found.rows) == [
        {"nome": 'Mario;\r\n"il" Rossi\n', "via": "Roma"},
        {"nome": "Ugo", "via": ""},
    ]
    assert [row.line for row in found.rows] == [2, 5]


def test_a_quote_within_a_value_is_a_character() -> None:
    """Only a quote at the start of a value opens quotes."""
    found = read_csv("cf;misura", f'{ROSSI};5" di tubo', f'{VERDI};a"b"')

    assert texts(found.rows) == [{"misura": '5" di tubo'}, {"misura": 'a"b"'}]


def test_a_header_may_have_a_line_break() -> None:
    """The rows after it have their right lines."""
    found = read_csv('"Codice\nfiscale";nome', f"{ROSSI};Mario")

    assert (found.row.line, found.row.values) == (3, {"nome": "Mario"})


def test_the_order_of_columns_does_not_matter() -> None:
    """Names are compared without case, accents, spaces and hyphens."""
    found = read_csv("Città di nascita;RIFERIMENTO;Codice-Fiscale;Nome", f"Forlì;P-1;{ROSSI};Mario")

    row = found.row
    assert (row.fiscal_code, row.reference) == (ROSSI, "P-1")
    assert row.values == {"citta_di_nascita": "Forlì", "nome": "Mario"}


def test_a_column_without_a_name_is_ignored_and_reported() -> None:
    """A header that ends in a delimiter has such a column."""
    found = read_csv("cf;nome;", f"{ROSSI};Mario;x")

    assert found.row.values == {"nome": "Mario"}
    assert found.report.columns == (("cf", "fiscal_code"), ("nome", "nome"), ("", ""))


@pytest.mark.parametrize("row", [f"{ROSSI}", f"{ROSSI};Mario;Rossi", f"{ROSSI};"])
def test_a_row_has_as_many_fields_as_the_header(row: str) -> None:
    """The rows around it are good."""
    header = "cf;nome;via" if row.endswith(";") else "cf;nome"
    good = (f"{VERDI};Ugo;x", f"{BIANCHI};Ada;y") if "via" in header else (f"{VERDI};Ugo",) * 1
    found = read_csv(header, good[0], row, *good[1:])

    assert found.places == [(3, 2, "", "FIELD_COUNT")]
    assert len(found.rows) == len(good)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f'"{ROSSI}" x;Mario', "BROKEN_QUOTES"),
        (f'{ROSSI};"Mario', "BROKEN_QUOTES"),
        (f'{ROSSI};"Mario"x', "BROKEN_QUOTES"),
        (f"{ROSSI};Ma\rrio", "LINE_BREAK"),
        (f"{ROSSI};Ma\x00rio", "CONTROL_CHARACTER"),
        (f'{ROSSI};"Ma\x1brio"', "CONTROL_CHARACTER"),
        ("\x00", "FIELD_COUNT"),
    ],
)
def test_a_broken_row_breaks_no_other(line: str, code: str) -> None:
    """A quote that is never closed costs its line, not the rest of the file."""
    found = read_csv("cf;nome", f"{VERDI};Ugo", line, f'{BIANCHI};"Ada"', f"{a_code(3)};Eva")

    assert [(one.line, one.row, one.code) for one in found.problems] == [(3, 2, code)]
    assert [row.line for row in found.rows] == [2, 4, 5]
    assert found.report.wrong_rows == 1


def test_an_open_quote_does_not_hide_the_rows_after_it() -> None:
    """There is no other quote in the file."""
    found = read_csv("cf;nome", f'{ROSSI};"Mario', f"{VERDI};Ugo", f"{BIANCHI};Ada")

    assert found.places == [(2, 1, "", "BROKEN_QUOTES")]
    assert [(row.number, row.line) for row in found.rows] == [(2, 3), (3, 4)]


def test_a_file_of_open_quotes_is_given_up() -> None:
    """Each of them would be searched for to the end of the file."""
    found = read_csv("cf;nome", *[f'{a_code(at)};"M' for at in range(MAX_OPEN_QUOTES + 1)])

    assert found.refusal == (MAX_OPEN_QUOTES + 2, "QUOTES")


@pytest.mark.parametrize("around", ["", '"'])
@pytest.mark.parametrize("piece", ["x", "è", "x\r\ny"])
def test_a_million_characters_are_a_problem_of_their_row(around: str, piece: str) -> None:
    """The row and the column are named, and the rows around it are good."""
    if "\n" in piece and not around:
        piece = "xyz"
    value = around + piece * (1_000_000 // len(piece)) + around
    found = read_csv("cf;nome;via", f"{VERDI};Ugo;a", f"{ROSSI};{value};b", f"{BIANCHI};Ada;c")

    assert found.places == [(3, 2, "nome", "TOO_LONG")]
    assert texts(found.rows) == [{"nome": "Ugo", "via": "a"}, {"nome": "Ada", "via": "c"}]


def test_a_value_may_have_ten_thousand_characters() -> None:
    """One more is a problem."""
    found = read_csv("cf;nome", f"{ROSSI};{'x' * MAX_FIELD}", f"{VERDI};{'x' * MAX_FIELD}x")

    assert [row.line for row in found.rows] == [2]
    assert found.places == [(3, 2, "nome", "TOO_LONG")]


@pytest.mark.parametrize("more", [0, 100_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_beyond_all_limits_is_skipped(quote: str, more: int) -> None:
    """Its text is not kept, and the next line begins a row."""
    found = read_csv("cf;nome", f"{ROSSI};{quote}{'x' * (MAX_ROW + more)}{quote}", f"{VERDI};Ugo")

    assert found.places == [(2, 1, "", "TOO_LONG")]
    assert [(row.line, row.number) for row in found.rows] == [(3, 2)]


def test_an_open_quote_before_a_line_beyond_all_limits() -> None:
    """Each of the two lines is a problem, and the rows after them are good."""
    found = read_csv("cf;nome", f'{ROSSI};"Mario', "x" * (MAX_ROW + 70_000), f"{VERDI};Ugo")

    assert found.places == [(2, 1, "", "BROKEN_QUOTES"), (3, 2, "", "TOO_LONG")]
    assert [row.line for row in found.rows] == [4]


@pytest.mark.parametrize("value", ["=1+1", "+39 02", "-1", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"])
def test_a_formula_is_a_text(value: str) -> None:
    """Messages may say such things; only the files that are written must be careful."""
    assert read_csv("cf;nome", f"{ROSSI};{value}").row.values == {"nome": value}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"cf;nome\r\n", b"cf\n;\n\n"])
def test_a_file_without_rows_is_refused(data: bytes) -> None:
    """A header alone is no list of recipients."""
    found = read_all(data)

    assert found.refusal == (0, "EMPTY")
    assert (found.rows, found.problems) == ([], [])


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("nome;cognome", "MISSING_COLUMN"),
        (f"{ROSSI};Mario", "HEADER"),
        ("cf;nome;NOME ", "DUPLICATE_COLUMN"),
        ("cf;codice fiscale", "DUPLICATE_COLUMN"),
        (";".join(["cf", *(f"c{at}" for at in range(MAX_COLUMNS))]), "TOO_MANY_COLUMNS"),
        ("cf;" + "x" * 101, "TOO_LONG"),
        ("cf;importo_25", "INSTALMENTS"),
        ("cf;importo_0", "INSTALMENTS"),
        ("cf;NiccolÃ²", "ENCODING"),
        ("cf;nom\x00e", "ENCODING"),
        ('cf;"nome" x', "HEADER"),
        ('cf;"nome', "HEADER"),
        ("cf;" + "x" * 70_000, "HEADER"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: str, code: str) -> None:
    """No row is read, and the line of the header is named."""
    found = read_csv("", header, f"{ROSSI};Mario")

    assert found.refusal == (2, code)
    assert found.rows == []


def test_a_refusal_of_a_header_shows_no_fiscal_code() -> None:
    """A file without a header has a citizen in its place."""
    problem = read_csv(f"{ROSSI};Mario;Mario").report.problem

    assert problem is not None
    assert ROSSI not in problem.message
    assert "Mario" not in problem.message


@pytest.mark.slow
def test_the_wrong_row_among_many_is_found() -> None:
    """The others are all good, and none is lost between two parts of the file."""
    lines = [f"{a_code(at)};P-{at};Mario" for at in range(100_000)]
    lines[77_776] = lines[77_776].replace("80A01", "80A02")

    found = read_csv("cf;riferimento;nome", *lines)

    assert found.places == [(77_778, 77_777, "cf", "CHECK_CHARACTER")]
    assert len(found.rows) == 99_999
    assert (found.report.rows, found.report.wrong_rows) == (100_000, 1)


@pytest.mark.slow
def test_a_file_has_at_most_two_hundred_thousand_rows() -> None:
    """One more ends the reading."""
    fine = csv_of("cf;nome", *[f";{at}" for at in range(MAX_ROWS)])

    assert read_all(fine).report.problem is None
    assert read_all(fine + b";x\n").refusal == (MAX_ROWS + 2, "TOO_MANY_ROWS")


@pytest.mark.slow
def test_a_file_has_at_most_fifty_million_bytes() -> None:
    """The reading ends at the limit, whatever comes after it."""
    part = csv_of(*["x" * 999] * 1_000)
    found = read_all([csv_of("cf;nome"), *[part] * 51])

    assert found.refusal == (0, "TOO_LARGE")
    assert found.report.size < 50_100_000


@given(st.text('";,\n\r a', max_size=40))
def test_records_are_those_of_the_csv_module(text: str) -> None:
    """A text that the module reads as a whole has the same rows when it is split first."""
    try:
        expected = list(
            csv.reader(re.findall(r"[^\n]*\n|[^\n]+", text), delimiter=";", strict=True)
        )
    except csv.Error:
        return
    records = Records(";", 1).split(text, is_last=True)

    assert [one.problem for one in records] == [None] * len(records)
    found = list(csv.reader([one.text for one in records], delimiter=";", strict=True))
    assert found == expected
    assert [one.line for one in records] == sorted({one.line for one in records})
