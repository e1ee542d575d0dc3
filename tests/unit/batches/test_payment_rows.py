"""Rows that ask for a payment: amounts, notice numbers and instalments."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.recipients.checks.amounts import MAX_CENTS, AmountError, cents_of_euro
from lib.domain.payments.notice_number import (
    check_digits_of,
    is_sound_number,
    parse_notice_number,
)
from tests.builders.payment_notices import NUMBER, number
from tests.unit.batches.support import Found, payment_of, read_cells


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1234.50", 123_450),
        ("1234,5", 123_450),
        ("84,5", 8_450),
        ("84", 8_400),
        ("0,01", 1),
        ("007", 700),
        ("1.234.567", 123_456_700),
        ("1,234,567.8", 123_456_780),
        ("€ 84,50", 8_450),
        ("84,50 €", 8_450),
        ("84,50\u00a0€", 8_450),
        ("99.999.999,99", MAX_CENTS),
    ],
)
def test_an_amount_in_euro_is_exact(text: str, cents: int) -> None:
    """The notation is Italian or English."""
    assert payment_of(read_cells(numero_avviso=NUMBER, importo=text).row).amount == cents


def test_headings_with_the_word_rata_are_those_of_instalments() -> None:
    """A sender's own words make the same payment as Recapito's."""
    cells = {
        "Numero avviso rata 1": number(1),
        "Rata 1 importo": "42,25",
        "Scadenza rata 1": "28/02/2027",
        "2ª rata numero avviso": number(2),
        "Importo rata 2": "42,25",
        "Rata 2 - scadenza": "30/06/2027",
    }
    terms = payment_of(read_cells(**cells).row).instalments

    assert [one.amount for one in terms] == [4225, 4225]
    assert [one.notice_number for one in terms] == [number(1), number(2)]


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.500", "999,000"])
def test_an_amount_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    """A thousand is not sent for one, nor one for a thousand."""
    problem = read_cells(numero_avviso=NUMBER, importo=text).problem

    assert (problem.field, problem.code) == ("importo", "AMBIGUOUS_AMOUNT")


@pytest.mark.parametrize(
    "text",
    [
        *("0", "0,00", "-1", "1e3", "1.2.3", "1,2,3", "12.34.567", "1.234.56", "1234.567", "0.500"),
        *("1 234", "84,", ",50", "€", "EUR 3", "٣", "100000000", "1,234,50", "9" * 5000, "1,5,00"),
        *("1.234,567", "$ 5", "1'234", "=1+1", "84.50.00"),
    ],
)
def test_a_text_that_is_no_amount_is_refused(text: str) -> None:
    """Nothing is rounded, and nothing guessed."""
    problem = read_cells(numero_avviso=NUMBER, importo=text).problem

    assert (problem.field, problem.code) == ("importo", "AMOUNT")


@given(st.integers(1, MAX_CENTS))
def test_all_notations_of_an_amount_are_read_alike(cents: int) -> None:
    """Each amount can be written with and without separators."""
    english = f"{Decimal(cents) / 100:,.2f}"
    italian = english.translate(str.maketrans(",.", ".,"))
    plain = english.replace(",", "")

    assert {cents_of_euro(text) for text in (english, italian, plain)} == {cents}


@given(st.text("0123456789.,€ -", max_size=12))
def test_no_text_is_read_as_another_amount(text: str) -> None:
    """An accepted text has the digits of its amount, and at most two after a decimal sign."""
    try:
        cents = cents_of_euro(text)
    except AmountError:
        return
    digits = "".join(one for one in text if one.isdigit())
    assert str(cents).startswith(digits.lstrip("0"))
    assert cents in {int(digits) * scale for scale in (1, 10, 100)}


@pytest.mark.parametrize("text", ["8450", " 8450 ", "08450"])
def test_an_amount_may_be_in_cents(text: str) -> None:
    """It is a whole number."""
    assert payment_of(read_cells(notice_number=NUMBER, amount=text).row).amount == 8450


@pytest.mark.parametrize("text", ["84,50", "84.50", "0", "-1", "10000000000", "8e3", "٣"])
def test_a_wrong_amount_in_cents_is_refused(text: str) -> None:
    """Decimals hint at the other column."""
    problem = read_cells(notice_number=NUMBER, amount=text).problem

    assert (problem.field, problem.code) == ("amount", "AMOUNT")
    assert problem.message.startswith("must be an amount in euro cents, a whole number from 1 to")
    assert ("amount_euro" in problem.message) == ("," in text or "." in text)


def test_only_one_of_the_two_amounts_may_have_a_value() -> None:
    """The other column may be there, and be empty."""
    both = read_cells(notice_number=NUMBER, amount="8450", importo="84,50")

    assert [(one.field, one.code) for one in both.problems] == [("amount", "AMOUNT")]
    assert payment_of(read_cells(notice_number=NUMBER, amount="", importo="2").row).amount == 200


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("123", "must be 18 digits"),
        ("402000000000000101", "must be 18 digits, the first 0, 1, 2 or 3"),
        (NUMBER[:16] + "00", "must end in the check digits"),
        ("3,02E+17", "a spreadsheet shortened it"),
        ("02000000000000101", "did a spreadsheet drop its first 0?"),
    ],
)
def test_a_wrong_notice_number_is_refused(text: str, rule: str) -> None:
    """Spreadsheets damage such numbers in two ways."""
    problem = read_cells(numero_avviso=text, importo="1").problem

    assert (problem.field, problem.code) == ("numero_avviso", "NOTICE_NUMBER")
    assert rule in problem.message


@given(st.from_regex(r"[0-4][0-9]{15}", fullmatch=True), st.booleans(), st.integers(0, 99))
def test_a_number_is_sound_as_its_parts_say(digits: str, is_right: bool, checks: int) -> None:
    """The short way and the long way agree."""
    text = digits + (check_digits_of(digits) if is_right else f"{checks:02}")
    try:
        expected = parse_notice_number(text).is_sound is not False
    except ValueError:
        expected = False

    assert is_sound_number(text) is expected


def test_the_payee_may_be_another_organisation() -> None:
    """Its check digit must be right."""
    row = read_cells(notice_number=NUMBER, importo="1", payee_fiscal_code="00188590939").row

    assert payment_of(row).payee == "00188590939"
    assert payment_of(read_cells(notice_number=NUMBER, importo="1").row).payee is None


@pytest.mark.parametrize("text", ["1", "00188590938", "0018859093X"])
def test_a_wrong_payee_is_refused(text: str) -> None:
    """A mistyped digit is found."""
    problem = read_cells(notice_number=NUMBER, importo="1", payee_fiscal_code=text).problem

    assert (problem.field, problem.code) == ("payee_fiscal_code", "PAYEE")


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ({"numero_avviso": NUMBER}, "amount"),
        ({"numero_avviso": NUMBER, "importo": ""}, "importo"),
        ({"numero_avviso": NUMBER, "importo": "", "amount": ""}, "amount"),
        ({"importo": "1"}, "notice_number"),
        ({"numero_avviso": NUMBER, "scadenza": "2027-06-30"}, "amount"),
    ],
)
def test_a_payment_needs_number_and_amount(cells: dict[str, str], missing: str) -> None:
    """Half a payment is a mistake."""
    problem = read_cells(**cells).problem

    assert (problem.field, problem.code) == (missing, "INCOMPLETE_PAYMENT")


def test_a_due_date_may_stand_alone() -> None:
    """A message may have to be answered, and nothing be paid."""
    row = read_cells(numero_avviso="", importo="", scadenza="30/06/2027").row

    assert (row.due_date, row.payment) == ("2027-06-30T21:59:59.000Z", None)


def instalments(*due_dates: str, amount: str = "50,00", **changes: str) -> Found:
    """Read a row with instalments of 50 euro, due on these days."""
    cells: dict[str, str] = {}
    for at, day in enumerate(due_dates, 1):
        cells |= {
            f"numero_avviso_{at}": number(at + 1),
            f"importo_{at}": amount,
            f"scadenza_{at}": day,
        }
    return read_cells(**(cells | changes))


WHOLE = {"numero_avviso": NUMBER, "importo": "100", "scadenza": "2027-06-30"}


def test_a_sum_may_have_instalments() -> None:
    """The whole sum stands beside them, or they stand alone."""
    payment = payment_of(instalments("2027-06-30", "30/09/2027", **WHOLE).row)

    assert (payment.notice_number, payment.amount) == (NUMBER, 10_000)
    assert [term.amount for term in payment.instalments] == [5_000, 5_000]
    assert [term.notice_number for term in payment.instalments] == [number(2), number(3)]
    assert [term.due_date for term in payment.instalments] == [
        "2027-06-30T21:59:59.000Z",
        "2027-09-30T21:59:59.000Z",
    ]
    alone = instalments("2027-06-30", "2027-09-30").row
    assert (payment_of(alone).notice_number, payment_of(alone).amount) == (None, None)
    assert alone.due_date is None


def test_the_last_instalments_of_a_row_may_be_empty() -> None:
    """Another row may have more of them."""
    row = instalments("2027-06-30", "2027-09-30", "", numero_avviso_3="", importo_3="").row

    assert len(payment_of(row).instalments) == 2


def test_a_row_may_have_no_instalment_at_all() -> None:
    """Its columns are empty."""
    row = read_cells(**WHOLE, numero_avviso_1="", importo_1="", scadenza_1="").row

    assert payment_of(row).instalments == ()


@pytest.mark.parametrize(
    ("days", "changes", "problems"),
    [
        (["2027-06-30"], {}, [("numero_avviso_1", "INSTALMENTS")]),
        (
            ["2027-06-30", "2027-07-30", "2027-08-30"],
            {"numero_avviso_2": "", "importo_2": "", "scadenza_2": ""},
            [("numero_avviso_2", "INSTALMENTS")],
        ),
        (
            ["2027-06-30", "2027-07-30"],
            {"importo_2": ""},
            [("importo_2", "INCOMPLETE_PAYMENT")],
        ),
        (["2027-06-30", ""], {}, [("scadenza_2", "INCOMPLETE_PAYMENT")]),
        (["2027-07-30", "2027-06-30"], {}, [("scadenza_2", "INSTALMENTS")]),
        (["2027-06-30", "2027-06-30"], {}, [("scadenza_2", "INSTALMENTS")]),
        (
            ["2027-06-30", "2027-07-30"],
            {"numero_avviso_2": number(2)},
            [("numero_avviso_2", "INSTALMENTS")],
        ),
        (
            ["2027-06-30", "2027-07-30"],
            {**WHOLE, "importo": "100,01"},
            [("importo", "INSTALMENTS")],
        ),
        (
            ["2027-06-30", "2027-07-30"],
            {**WHOLE, "numero_avviso": number(3)},
            [("numero_avviso_2", "INSTALMENTS")],
        ),
        (
            ["2027-06-30", "2027-07-30"],
            {**WHOLE, "scadenza": ""},
            [("scadenza", "INCOMPLETE_PAYMENT")],
        ),
        (
            ["2027-06-30", "2027-07-30"],
            {"scadenza": "2027-06-30"},
            [("notice_number", "INCOMPLETE_PAYMENT"), ("amount", "INCOMPLETE_PAYMENT")],
        ),
        (
            ["2026-06-30", "30/02/2027"],
            {"importo_1": "0"},
            [("importo_1", "AMOUNT"), ("scadenza_1", "DUE_DATE"), ("scadenza_2", "DUE_DATE")],
        ),
    ],
)
def test_instalments_that_contradict_each_other_are_refused(
    days: list[str], changes: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    """The rules are those of payment notices."""
    found = instalments(*days, **changes)

    assert [(one.field, one.code) for one in found.problems] == problems
    assert found.rows == []


def test_a_numbered_column_of_another_kind_is_a_placeholder() -> None:
    """A year is no instalment."""
    row = read_cells(importo_2027="12", rata_1="x").row

    assert (row.values, row.payment) == ({"importo_2027": "12", "rata_1": "x"}, None)
