"""JSON files of recipients: an object on each line, or one array."""

import json
from typing import Any

import orjson
import pytest

from lib.domain.batches.recipients.problem import MAX_COLUMNS, MAX_ROW
from lib.domain.batches.recipients.reader import Form, form_of
from tests.unit.batches.support import ROSSI, Found, a_code, payment_of, read_all, texts

FORMS: tuple[Form, ...] = ("JSON_LINES", "JSON")
GOOD = {"codice_fiscale": a_code(1), "nome": "Ugo"}


def read_rows(form: Form, *rows: Any) -> Found:
    """Read rows in a form; a row is an object, or the text of one."""
    found = [row if isinstance(row, bytes) else orjson.dumps(row) for row in rows]
    return read_all(
        b"\n".join(found) if form == "JSON_LINES" else b"[\n" + b",\n".join(found) + b"\n]", form
    )


@pytest.mark.parametrize("form", FORMS)
def test_members_are_columns(form: Form) -> None:
    """Numbers are texts of their digits, null is no value, and the order does not matter."""
    found = read_rows(
        form,
        {"Codice Fiscale": ROSSI, "Nome": "Niccolò", "vani": 3, "mq": 84.50, "scala": None},
        {"nome": "Ugo", "riferimento": "P-1", "cf": a_code(1), "grande": 1e22, "piccolo": 1e-7},
    )

    assert found.problems == []
    assert texts(found.rows) == [
        {"nome": "Niccolò", "vani": "3", "mq": "84.5", "scala": ""},
        {"nome": "Ugo", "grande": "10000000000000000000000", "piccolo": "0.0000001"},
    ]
    assert [row.reference for row in found.rows] == [None, "P-1"]
    assert [row.line for row in found.rows] == ([1, 2] if form == "JSON_LINES" else [2, 3])
    assert ("cf", "fiscal_code") in found.report.columns
    assert (found.report.encoding, found.report.delimiter) == ("UTF-8", None)


@pytest.mark.parametrize("form", FORMS)
def test_payments_have_numbers_and_flags(form: Form) -> None:
    """A notice number is a text, or a number that keeps all its digits."""
    row = {
        "cf": ROSSI,
        "notice_number": 302000000000000108,
        "amount": 8450.0,
        "due_date": "2027-06-30",
        "invalid_after_due_date": True,
    }
    row["notice_number"] = int("302000000000000101"[:16] + f"{int('3020000000000001') % 93:02}")
    found = read_rows(form, row)

    payment = payment_of(found.row)
    assert payment.notice_number == str(row["notice_number"])
    assert (payment.amount, payment.invalid_after_due_date) == (8450, True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (b"[1]", "", "WRONG_TYPE"),
        (b"1", "", "WRONG_TYPE"),
        (b"null", "", "WRONG_TYPE"),
        (b'"text, with [ and {"', "", "WRONG_TYPE"),
        (b'{"cf": }', "", "INVALID_JSON"),
        (b"{1: 2}", "", "INVALID_JSON"),
        (b"{'cf': 'x'}", "", "INVALID_JSON"),
        (b'{"cf": NaN}', "", "INVALID_JSON"),
        (b'{"cf": "\\ud800"}', "", "INVALID_JSON"),
        (b'{"cf": "x"} {"cf": "y"}', "", "INVALID_JSON"),
        (b'{"cf": "\xe8"}', "", "ENCODING"),
        ({"nome": "Ada"}, "fiscal_code", "FISCAL_CODE"),
        ({"cf": ROSSI, "nome": {"di": "Ada"}}, "nome", "WRONG_TYPE"),
        ({"cf": ROSSI, "rate": [1, {"a": "]"}]}, "rate", "WRONG_TYPE"),
        ({"cf": ROSSI, "nome": True}, "nome", "WRONG_TYPE"),
        ({"cf": ROSSI, "nome": "NiccolÃ²"}, "nome", "ENCODING"),
        ({"cf": ROSSI, "nome": "a\x00"}, "nome", "CONTROL_CHARACTER"),
        ({"cf": ROSSI, "Nome": "Ada", "nome": "Eva"}, "nome", "DUPLICATE_COLUMN"),
        ({"cf": ROSSI, "amount_30": 1}, "", "INSTALMENTS"),
        ({"cf": ROSSI, "x" * 101: 1}, "", "TOO_LONG"),
        ({"cf": ROSSI, "nome": "x" * 1_000_000}, "nome", "TOO_LONG"),
        ({"cf": ROSSI, **{f"c{at}": 1 for at in range(MAX_COLUMNS)}}, "", "TOO_MANY_COLUMNS"),
    ],
)
def test_a_wrong_row_breaks_no_other(form: Form, row: Any, field: str, code: str) -> None:
    """Its line is named, and the rows around it are good."""
    found = read_rows(form, GOOD, row, {**GOOD, "cf": a_code(2), "codice_fiscale": None})
    found = read_rows(form, GOOD, row, {**GOOD, "codice_fiscale": a_code(2)})

    first = 1 if form == "JSON_LINES" else 2
    assert found.places == [(first + 1, 2, field, code)]
    assert [row.line for row in found.rows] == [first, first + 2]


@pytest.mark.parametrize("form", FORMS)
def test_each_row_may_have_members_of_its_own(form: Form) -> None:
    """The report names the columns of the first hundred."""
    found = read_rows(form, *({"cf": a_code(at), f"campo{at}": at} for at in range(600)))

    assert texts(found.rows) == [{f"campo{at}": str(at)} for at in range(600)]
    assert len(found.report.columns) == MAX_COLUMNS


def test_blank_lines_of_json_lines_are_no_rows() -> None:
    """They are counted."""
    data = b"\r\n" + orjson.dumps(GOOD) + b"\r\n \t\r\n\n" + orjson.dumps({"cf": ROSSI})
    found = read_all(data, "JSON_LINES")

    assert [(row.number, row.line) for row in found.rows] == [(1, 2), (2, 5)]
    assert found.report.blank_lines == 3


@pytest.mark.parametrize("more", [0, 100_000])
def test_a_line_beyond_all_limits_is_skipped(more: int) -> None:
    """Its bytes are not kept, and it counts once."""
    found = read_rows("JSON_LINES", {"cf": ROSSI, "nome": "x" * (MAX_ROW + more)}, GOOD)

    assert found.places == [(1, 1, "", "TOO_LONG")]
    assert [row.line for row in found.rows] == [2]


@pytest.mark.parametrize("rows", [[], [GOOD], [GOOD, {"cf": ROSSI}]])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("is_wrapped", [False, True])
@pytest.mark.parametrize("around", ["", "\ufeff", "\n \r\n"])
def test_an_array_may_stand_alone_or_be_the_recipients(
    rows: list[Any], indent: int | None, is_wrapped: bool, around: str
) -> None:
    """Spaces and lines between its rows do not matter."""
    body = {"recipients": rows} if is_wrapped else rows
    end = "" if around == "\ufeff" else around
    found = read_all((around + json.dumps(body, indent=indent) + end).encode(), "JSON")

    assert len(found.rows) == len(rows)
    assert found.problems == []
    if not rows:
        assert found.refusal == (0, "EMPTY")


def test_each_row_of_an_array_has_its_first_line() -> None:
    """Several rows may be on one line."""
    text = f'\n[\n {{"cf":\n"{ROSSI}"}}, {{"cf": "{a_code(1)}"}}\n,\n\n{{"cf": "{a_code(2)}"}}]'
    found = read_all(text.encode(), "JSON")

    assert [row.line for row in found.rows] == [3, 4, 7]


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"x", 1, "INVALID_JSON"),
        (b'{"cf": 1}', 1, "INVALID_JSON"),
        (b'{"rows": []}', 1, "INVALID_JSON"),
        (b" " * 2000, 1, "INVALID_JSON"),
        (b'[{"cf": 1}\n', 1, "INVALID_JSON"),
        (b'[{"cf": 1},\n{"cf": [}, {"cf": 2}]', 1, "INVALID_JSON"),
        (b'[\n{"cf": "x}, {"cf": 2}]', 1, "INVALID_JSON"),
        (b"[] x", 1, "INVALID_JSON"),
        (b"[]\n}", 1, "INVALID_JSON"),
        (b'{"recipients": []', 1, "INVALID_JSON"),
        (b'{"recipients": [], "more": 1}', 1, "INVALID_JSON"),
        (b"\xff\xfe[\x00]\x00", 0, "ENCODING"),
        pytest.param(b"[" + b"[" * (MAX_ROW + 1), 1, "TOO_LONG", marks=pytest.mark.slow),
        (b'["' + b"x" * (MAX_ROW + 1) + b'"]', 1, "TOO_LONG"),
        (b'["' + b"x" * (MAX_ROW + 100_000) + b'"]', 1, "TOO_LONG"),
    ],
)
def test_a_document_that_is_no_array_of_rows_is_refused(data: bytes, line: int, code: str) -> None:
    """The refusal names the line from which nothing can be read."""
    problem = read_all(data, "JSON").report.problem

    assert problem is not None
    assert (problem.code, problem.line >= line) == (code, True)


def test_broken_json_within_an_array_ends_the_reading_at_its_line() -> None:
    """A brace that is never closed hides the rows after it."""
    rows = [orjson.dumps({"cf": a_code(at)}) for at in range(5)]
    found = read_all(b"[" + b",\n".join([*rows[:3], b'{"cf": {', *rows[3:]]) + b"]", "JSON")

    assert [row.line for row in found.rows] == [1, 2, 3]
    assert found.refusal == (3, "INVALID_JSON")


def test_a_comma_too_many_is_a_problem() -> None:
    """It may be a row that was lost."""
    found = read_all(b'[{"cf": "' + ROSSI.encode() + b'"},\n]', "JSON")

    assert [(one.line, one.code) for one in found.problems] == [(2, "INVALID_JSON")]
    assert len(found.rows) == 1


def test_json_lines_in_utf16_are_refused() -> None:
    """JSON is UTF-8."""
    assert read_all('{"cf": "x"}\n'.encode("utf-16"), "JSON_LINES").refusal == (0, "ENCODING")


def test_the_message_of_broken_json_shows_nothing_of_it() -> None:
    """It may be printed where no personal data belongs."""
    problem = read_all(f'{{"cf": "{ROSSI}" x}}'.encode(), "JSON_LINES").problem

    assert ROSSI not in problem.message + repr(problem)


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("text/csv", ("CSV", None)),
        ("Text/CSV; charset=Windows-1252; header=present", ("CSV", "windows-1252")),
        ('text/csv;charset="utf-8"', ("CSV", "utf-8")),
        ("application/x-ndjson", ("JSON_LINES", None)),
        ("application/jsonl", ("JSON_LINES", None)),
        ("application/json; charset=utf-8", ("JSON", "utf-8")),
        ("text/plain", None),
        ("", None),
        ("application/vnd.ms-excel", None),
    ],
)
def test_a_content_type_names_the_form(content_type: str, form: Any) -> None:
    """Another one is none of rows."""
    assert form_of(content_type) == form
