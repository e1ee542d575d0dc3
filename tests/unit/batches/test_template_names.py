"""Names, amounts and days as people write them, and the values of every row."""

from datetime import date

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.batches.templates.names import RESERVED, Kind, canonical, is_name
from lib.domain.batches.templates.row_values import reserved_values, sample_values
from lib.domain.batches.templates.written import cents_written, day_written
from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import (
    FiscalCode,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("nome", "nome"),
        (" Nome ", "nome"),
        ("Città di nascita", "citta_di_nascita"),
        ("data-di_nascita", "data_di_nascita"),
        ("IMPORTO", "amount_euro"),
        ("Importo euro", "amount_euro"),
        ("amount", "amount_euro"),
        ("importo_2", "amount_euro_2"),
        ("amount_12", "amount_euro_12"),
        ("Numero avviso 1", "notice_number_1"),
        ("Numero avviso rata 1", "notice_number_1"),
        ("Importo rata 2", "amount_euro_2"),
        ("SCADENZA_RATA_02", "due_date_2"),
        ("Rata 1 importo", "amount_euro_1"),
        ("rata1 scadenza", "due_date_1"),
        ("1ª rata - numero avviso", "notice_number_1"),
        ("Importo della rata n. 3", "amount_euro_3"),
        ("2° rata importo (euro)", "amount_euro_2"),
        ("Notice number instalment 1", "notice_number_1"),
        ("Instalment 2 due date", "due_date_2"),
        ("Amount of the 1 installment", "amount_euro_1"),
        ("rata 1", "rata_1"),
        ("importo rata", "importo_rata"),
        ("importo rata 1 di 2", "importo_rata_1_di_2"),
        ("importo totale rata 1", "importo_totale_rata_1"),
        ("importo 日 rata 1", "importo_日_rata_1"),
        ("scadenza", "due_date"),
        ("codice fiscale", "fiscal_code"),
        ("cf", "fiscal_code"),
        ("riferimento", "reference"),
        ("riferimento_1", "riferimento_1"),
        ("importo_02", "amount_euro_2"),
        ("Nome (intestatario)", "nome_intestatario"),
        ("Stra\u00dfe", "strasse"),
        ("importo_unico", "importo_unico"),
    ],
)
def test_a_name_has_one_form(written: str, name: str) -> None:
    """In whatever way it is written, in English or in Italian."""
    assert canonical(written) == canonical(canonical(written)) == name


def test_the_names_of_every_row_are_names() -> None:
    """Those of the instalments end in a number."""
    assert all(is_name(name) and canonical(name) == name for name in RESERVED)
    assert RESERVED["amount_euro_24"] is Kind.AMOUNT
    assert "amount_euro_25" not in RESERVED


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("84", 8400),
        ("84,5", 8450),
        ("84.50", 8450),
        (" 1234,56 ", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1.234.567", 123456700),
        ("1.234.567,8", 123456780),
        ("99999999,99", 9999999999),
        ("84,50 €", 8450),
        ("€84", 8400),
    ],
)
def test_an_amount_is_exact(text: str, cents: int) -> None:
    """In Italian and in English notation."""
    assert cents_written(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1.234",
        "1,234",
        "12,345",
        "1.23.45",
        "1.234.56",
        "1,2,3",
        "-1",
        "1e3",
        "٣",
        "84,505",
        "1.2345,00",
        "100000000",
        "84 $",
        "1" * 5000,
        "€",
        "1.234,567",
    ],
)
def test_another_text_is_no_amount(text: str) -> None:
    """Also one that has two meanings."""
    with pytest.raises(ValueError, match=r"^(must be|may be) "):
        cents_written(text)


@pytest.mark.parametrize(
    "text", ["2027-06-01", "01/06/2027", "1/6/2027", "1.6.2027", " 01.06.2027 "]
)
def test_a_day_is_a_day(text: str) -> None:
    """In the forms that people write."""
    assert day_written(text) == date(2027, 6, 1)


@pytest.mark.parametrize(
    "text", ["", "2027-02-30", "1/6.2027", "6/31/2027", "01/06/27", "20270601"]
)
def test_another_text_is_no_day(text: str) -> None:
    """An American date is none, and no year is guessed."""
    with pytest.raises(ValueError, match=r"^must be a day"):
        day_written(text)


def test_a_row_has_values_for_every_template() -> None:
    """With those of its instalments; absent ones are left out."""
    number, other = NoticeNumber("302000000000000184"), NoticeNumber("302000000000000285")
    values = reserved_values(
        FiscalCode(CITIZEN),
        reference=Reference("2027/1"),
        notice_number=number,
        amount=123450,
        payee=OrganizationFiscalCode("01234567890"),
        due_date=DueMoment("2027-06-30T22:00:00.000Z", "2027-06-30"),
        instalments=(
            Term(other, 5, "2027-06-30T21:59:59.000Z"),
            Term(number, 100, "2027-07-31T22:00:00.000Z", "2027-07-31"),
        ),
    )

    assert values == {
        "fiscal_code": CITIZEN,
        "reference": "2027/1",
        "instalments": "2",
        "payee_fiscal_code": "01234567890",
        "notice_number": number,
        "amount_euro": "1234.50",
        "due_date": "2027-06-30",
        "notice_number_1": other,
        "amount_euro_1": "0.05",
        "due_date_1": "2027-06-30",
        "notice_number_2": number,
        "amount_euro_2": "1.00",
        "due_date_2": "2027-07-31",
    }
    assert values.keys() <= RESERVED.keys()
    assert reserved_values(FiscalCode(CITIZEN)) == {"fiscal_code": CITIZEN}


def test_the_values_of_a_preview_are_those_of_a_row() -> None:
    """A member `amount` is in euro cents."""
    sent: dict[str, str | float] = {
        "Nome": "Anna",
        "anno": 2027,
        "amount": 8450,
        "importo_1": "84,50",
        "amount_2": 5,
    }

    assert sample_values(sent) == {
        "nome": "Anna",
        "anno": "2027",
        "amount_euro": "84.50",
        "amount_euro_1": "84,50",
        "amount_euro_2": "0.05",
    }
