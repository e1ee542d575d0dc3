"""Rows that come twice in a file: the later one is a problem, and names the earlier one."""

import orjson
import pytest

from lib.domain.batches.recipients.checks.seen import Seen
from tests.builders.payment_notices import number
from tests.unit.batches.support import ROSSI, a_code, read_all, read_csv

PAYEE = "00188590939"


def test_a_reference_comes_once() -> None:
    """The citizens may be two."""
    found = read_csv(
        "cf;rif.;riferimento", f"{ROSSI};a;P-1", f"{a_code(1)};a;P-2", f"{a_code(2)};a;P-1 "
    )

    assert found.places == [(4, 3, "riferimento", "DUPLICATE_REFERENCE")]
    assert found.problems[0].message == "is the reference of row 1 (line 2) too"
    assert len(found.rows) == 2


def test_a_reference_of_a_wrong_row_counts() -> None:
    """Its sender corrects the row, and would have it twice then."""
    found = read_csv("cf;riferimento", "x;P-1", f"{ROSSI};P-1")

    assert [one.code for one in found.problems] == ["FISCAL_CODE", "DUPLICATE_REFERENCE"]


def test_a_notice_number_comes_once() -> None:
    """Two citizens do not pay one notice."""
    found = read_csv(
        "cf;numero avviso;importo",
        *[f"{ROSSI};{number(at)};1" for at in (1, 2)],
        f"{a_code(1)};{number(1)};1",
    )

    assert found.places == [(4, 3, "numero avviso", "DUPLICATE_NOTICE_NUMBER")]
    assert found.problems[0].message == "is the notice number of row 1 (line 2) too"


def test_payees_number_their_notices_by_themselves() -> None:
    """The same number of another payee is another payment."""
    found = read_csv(
        "cf;notice_number;amount;payee_fiscal_code",
        f"{ROSSI};{number(1)};1;",
        f"{ROSSI};{number(1)};1;{PAYEE}",
        f"{a_code(1)};{number(1)};1;{PAYEE}",
    )

    assert found.places == [(4, 3, "notice_number", "DUPLICATE_NOTICE_NUMBER")]
    assert "row 2 (line 3)" in found.problems[0].message


def test_the_number_of_an_instalment_comes_once() -> None:
    """As a whole sum elsewhere, and as an instalment."""
    header = "cf;notice_number;amount;due_date" + "".join(
        f";notice_number_{at};amount_{at};due_date_{at}" for at in (1, 2)
    )
    dates = ("2027-06-30", "2027-06-30", "2027-07-31")
    rows = [
        ";".join(f"{number(of)};10;{day}" for of, day in zip(numbers, dates, strict=True))
        for numbers in ((1, 2, 3), (4, 5, 2), (3, 6, 7))
    ]
    found = read_csv(header, *[f"{ROSSI};{row}" for row in rows])

    assert found.places == [
        (3, 2, "notice_number_2", "DUPLICATE_NOTICE_NUMBER"),
        (4, 3, "notice_number", "DUPLICATE_NOTICE_NUMBER"),
    ]


def test_an_equal_row_comes_once() -> None:
    """The same citizen may get two letters that differ."""
    found = read_csv(
        "cf;nome;via",
        f"{ROSSI};Mario;Roma",
        f"{ROSSI};Mario;Torino",
        f"{a_code(1)};Mario;Roma",
        f" {ROSSI.lower()};Mario;Roma",
        f"{ROSSI};Mar;ioRoma",
    )

    assert found.places == [(5, 4, "", "DUPLICATE_ROW")]
    assert found.problems[0].message == "is equal to row 1 (line 2)"
    assert len(found.rows) == 4


def test_equal_objects_may_have_another_order() -> None:
    """The names of members count, not only their values."""
    rows = [
        {"cf": ROSSI, "a": "1", "b": "2"},
        {"b": "2", "a": "1", "fiscal_code": ROSSI},
        {"cf": ROSSI, "a": "2", "b": "1"},
        {"cf": ROSSI, "a": "1", "c": "2"},
        {"cf": ROSSI, "a": "1"},
    ]
    found = read_all(b"\n".join(map(orjson.dumps, rows)), "JSON_LINES")

    assert found.places == [(2, 2, "", "DUPLICATE_ROW")]
    assert len(found.rows) == 4


def test_rows_on_one_line_are_told_apart_by_their_numbers() -> None:
    """A JSON document often has one line."""
    row = {"cf": ROSSI, "riferimento": "P-1"}
    found = read_all(orjson.dumps([{"cf": ROSSI}, row, row]), "JSON")

    assert found.problems[0].message == "is the reference of row 2 (line 1) too"


@pytest.mark.parametrize("count", [1, 100, 30_000])
def test_seen_keys_are_found_again(count: int) -> None:
    """The table grows, and loses no key."""
    seen = Seen()

    assert {seen.earlier(f"key {at}", at) for at in range(1, count + 1)} == {0}
    assert [seen.earlier(f"key {at}", count + 1) for at in range(1, count + 1)] == [
        *range(1, count + 1)
    ]
    assert seen.earlier("another", 7) == 0
