"""A citizen gets a calendar entry of a message with a due date."""

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.documents import page, properties
from tests.builders.payments import a_payment
from tests.functions.documents.document_calls import DUE, payable, take
from tests.stack import Stack


async def test_the_calendar_entry_has_the_id_and_time_of_the_message(stack: Stack) -> None:
    """A calendar entry stays the same each time it is read."""
    id_ = await payable(stack)

    reply = await take(stack, "read_calendar_entry", id_)

    assert {
        ("UID", id_),
        ("DTSTAMP", "20261123T090000Z"),
        ("DTSTART;VALUE=DATE", "20270630"),
        ("SUMMARY", "Scadenza: Tassa sui rifiuti"),
        ("TRIGGER", "-PT15H"),
    } <= set(properties(reply.body))
    assert (await take(stack, "read_calendar_entry", id_)).body == reply.body


async def test_a_due_date_without_a_payment_has_a_calendar_entry(stack: Stack) -> None:
    """The calendar entry of a message without a payment has no amount."""
    id_ = await stack.deliver(content={"due_date": DUE})

    reply = await take(stack, "read_calendar_entry", id_)

    assert b"Importo" not in reply.body


@pytest.mark.parametrize(
    ("written", "wire", "day"),
    [
        ("2028-06-30T23:59:59+01:00", "2028-06-30T22:59:59.000Z", "30 giugno 2028"),
        ("2028-12-10T00:00:00+02:00", "2028-12-09T22:00:00.000Z", "10 dicembre 2028"),
    ],
)
async def test_documents_show_the_day_that_the_sender_wrote(
    stack: Stack, written: str, wire: str, day: str
) -> None:
    """The documents show the day that the sender wrote, and the API shows IO's time in UTC."""
    id_ = await payable(stack, due_date=written)

    entry = properties((await take(stack, "read_calendar_entry", id_)).body)
    text, _ = page((await take(stack, "read_payment_notice", id_)).body)
    opened = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)

    assert day in text
    assert any(name == "DESCRIPTION" and day in value for name, value in entry)
    assert ("DTSTART;VALUE=DATE", written[:10].replace("-", "")) in entry
    assert opened.body["content"]["due_date"] == wire
    assert "due_day" not in opened.body["content"]


async def test_a_message_without_a_due_date_has_no_calendar_entry(stack: Stack) -> None:
    """The 404 says that the message has no due date; the printed notice needs none."""
    id_ = await stack.deliver(content={"payment_data": a_payment()})

    reply = await take(stack, "read_calendar_entry", id_)

    assert (reply.status, reply.body["title"]) == (404, "No due date")
    assert "Scadenza" not in page((await take(stack, "read_payment_notice", id_)).body)[0]
