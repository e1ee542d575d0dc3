"""The form of a row in stored chunks."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.recipients.row import Row, RowPayment, dump, load
from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import (
    FiscalCode,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
)
from tests.unit.batches.support import ROSSI

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_DAYS = st.none() | st.dates().map(str)
_DUE = st.builds(DueMoment, st.just("2027-06-30T21:59:59.000Z"), _DAYS)
_NUMBERS = st.from_regex("[0-3][0-9]{17}", fullmatch=True).map(NoticeNumber)
_AMOUNTS = st.integers(1, 9_999_999_999)
_TERMS = st.builds(Term, _NUMBERS, _AMOUNTS, st.just("2027-06-30T21:59:59.000Z"), _DAYS)
_PAYMENTS = st.builds(
    RowPayment,
    st.none() | _NUMBERS,
    st.none() | _AMOUNTS,
    st.booleans(),
    st.none() | st.just(OrganizationFiscalCode("00188590939")),
    st.lists(_TERMS, max_size=3).map(tuple),
)
ROWS = st.builds(
    Row,
    number=st.integers(1, 200_000),
    line=st.integers(1, 10_000_000),
    fiscal_code=st.just(FiscalCode(ROSSI)),
    reference=st.none() | st.text(st.characters(codec="ascii"), min_size=1).map(Reference),
    values=st.dictionaries(_TEXT, _TEXT),
    due_date=st.none() | _DUE,
    payment=st.none() | _PAYMENTS,
)


@given(ROWS)
def test_a_stored_row_is_read_as_it_was(row: Row) -> None:
    """All of it, with the day of the due date, which takes no part in its equality."""
    line = dump(row)
    read = load(line)

    assert b"\n" not in line
    assert read == row
    assert type(read.fiscal_code) is FiscalCode
    assert (read.due_date and read.due_date.day) == (row.due_date and row.due_date.day)
    assert dump(read) == line


def test_a_stored_row_has_the_names_of_the_wire() -> None:
    """A later version reads rows of this one; absent members are not written."""
    payment = RowPayment(
        NoticeNumber("302000000000000101"),
        10_000,
        invalid_after_due_date=True,
        payee=OrganizationFiscalCode("00188590939"),
        instalments=(Term(NoticeNumber("302000000000000202"), 5, "2027-06-30T21:59:59.000Z"),),
    )
    due = DueMoment("2027-06-30T21:59:59.000Z", "2027-06-30")
    row = Row(3, 5, FiscalCode(ROSSI), Reference("P-1"), {"nome": "Mario"}, due, payment)

    assert orjson.loads(dump(row)) == {
        "number": 3,
        "line": 5,
        "fiscal_code": ROSSI,
        "reference": "P-1",
        "values": {"nome": "Mario"},
        "due_date": "2027-06-30T21:59:59.000Z",
        "due_day": "2027-06-30",
        "payment": {
            "notice_number": "302000000000000101",
            "amount": 10_000,
            "invalid_after_due_date": True,
            "payee": "00188590939",
            "instalments": [
                {
                    "notice_number": "302000000000000202",
                    "amount": 5,
                    "due_date": "2027-06-30T21:59:59.000Z",
                    "due_day": None,
                }
            ],
        },
    }
    bare = Row(1, 2, FiscalCode(ROSSI), None, {})
    assert orjson.loads(dump(bare)) == {"number": 1, "line": 2, "fiscal_code": ROSSI}


def test_a_row_prints_no_personal_data() -> None:
    """It may be logged."""
    row = Row(3, 5, FiscalCode(ROSSI), Reference("Mario Rossi"), {"nome": "Mario"})

    assert repr(row) == "Row(number=3, line=5)"
