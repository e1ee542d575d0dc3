"""Rows with instalments, for the tests of the payment notices that they become."""

from typing import Any, Final

from tests.builders.payments import PAYEE
from tests.functions.batches.batch_calls import CITIZENS, CONTENT, a_number, table
from tests.stack import Stack

HEADER: Final = (
    "codice_fiscale",
    "numero_avviso",
    "importo",
    "scadenza",
    "numero_avviso_1",
    "importo_1",
    "scadenza_1",
    "numero_avviso_2",
    "importo_2",
    "scadenza_2",
)
WHOLE: Final = (a_number(1), "84,50", "28/02/2027")
PARTS: Final = (a_number(11), "42,25", "28/02/2027", a_number(12), "42,25", "30/06/2027")
NOTHING: Final = ("", "", "")
FIRST, SECOND, THIRD = CITIZENS
RPT_ID: Final = PAYEE + WHOLE[0]
OF_FIRST_PART: Final = PAYEE + PARTS[0]
OF_SECOND_PART: Final = PAYEE + PARTS[3]
LIST: Final = "1. 42,25\xa0€, scadenza 28 febbraio 2027, avviso 3010 0000 0000 0011 54"
"""The first instalment as the message lists it."""
INSTALMENTS: Final = [
    {"notice_number": PARTS[0], "amount_cents": 4225, "due_date": "2027-02-28"},
    {"notice_number": PARTS[3], "amount_cents": 4225, "due_date": "2027-06-30"},
]
SINGLE: Final = {
    "fiscal_code": FIRST,
    "notice_number": WHOLE[0],
    "amount_cents": 8450,
    "due_date": "2027-02-28",
    "subject": CONTENT["subject"],
    "instalments": INSTALMENTS,
}


def single(*, whole: bool = True) -> dict[str, Any]:
    """Return the notice of a row as a sender submits it alone."""
    of_whole = () if whole else ("notice_number", "amount_cents", "due_date")
    return {name: value for name, value in SINGLE.items() if name not in of_whole}


def in_parts(citizen: str = FIRST, *, whole: bool = True) -> list[str]:
    """Return a row in two instalments, beside the whole sum or without it."""
    return [citizen, *(WHOLE if whole else NOTHING), *PARTS]


def numbered(citizen: str, number: int) -> list[str]:
    """Return one of many rows in two instalments, with notice numbers of its own."""
    numbers = [a_number(1000 + 3 * number + one) for one in range(3)]
    first, second = PARTS[1:3], PARTS[4:]
    return [citizen, numbers[0], *WHOLE[1:], numbers[1], *first, numbers[2], *second]


async def results(stack: Stack, id_: str) -> list[tuple[str, str]]:
    """Return outcome and reason of each row."""
    return [
        (one["outcome"], one["reason"])
        for one in await table(stack, "read_batch_results_file", id_)
    ]


async def opened(stack: Stack, id_: str, citizen: str = FIRST) -> dict[str, Any]:
    """Return the content of a message as its citizen reads it."""
    reply = await stack.call("read_message", path={"id": id_}, citizen=citizen)
    assert reply.status == 200, reply
    content: dict[str, Any] = reply.body["content"]
    return content
