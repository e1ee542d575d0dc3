"""A sender withdraws a message."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.profiles import with_profile
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.inbox_calls import change, page
from tests.functions.messages.withdrawal_calls import (
    PAYABLE,
    REASON,
    opened,
    read,
    sent,
    withdraw,
)
from tests.stack import Stack


async def test_an_unread_message_leaves_the_inbox(stack: Stack) -> None:
    """The citizen no longer sees the message in any way; the sender still does."""
    kept, id_ = await stack.deliver(), await stack.deliver()

    reply = await withdraw(stack, id_)

    assert reply.status == 200
    at = reply.body["withdrawn_at"]
    assert reply.body == {"id": id_, "withdrawn_at": at, "reason": REASON}
    assert [item["id"] for item in (await page(stack))["items"]] == [kept]
    assert (await opened(stack, id_)).status == 404
    assert (await change(stack, id_, change_type="reading", is_read=True)).status == 404
    body = await sent(stack, id_)
    assert (body["status"], body["withdrawal"]["reason"]) == ("PROCESSED", REASON)
    assert [one["status"] for one in body["status_history"]] == [
        "ACCEPTED",
        "PROCESSED",
        "WITHDRAWN",
    ]


async def test_a_read_message_says_that_it_was_withdrawn(stack: Stack) -> None:
    """The message stays, and says when and why, in its members and in its text."""
    await with_profile(stack, preferred_languages=["de_DE"])
    id_ = await stack.deliver()
    await read(stack, id_)

    at = (await withdraw(stack, id_, "Falscher *Betrag*")).body["withdrawn_at"]

    (item,) = (await page(stack, enrich_result_data="true"))["items"]
    body = (await opened(stack, id_)).body
    for shown in (item, body):
        assert (shown["withdrawn_at"], shown["withdrawal_reason"]) == (at, "Falscher *Betrag*")
    markdown = body["content"]["markdown"]
    assert markdown.startswith("**Der Absender hat diese Nachricht zurückgezogen: 23. November")
    assert "Grund: Falscher \\*Betrag\\*" in markdown
    assert "tassa sui rifiuti" in markdown


async def test_the_sender_does_not_learn_whether_the_message_was_read(stack: Stack) -> None:
    """Both withdrawals look the same to the sender."""
    one, other = await stack.deliver(), await stack.deliver()
    await read(stack, one)

    answers = []
    for id_ in (one, other):
        reply = await withdraw(stack, id_)
        told = (reply.body, await sent(stack, id_))
        answers.append(repr(told).replace(id_, "ID"))

    assert answers[0] == answers[1]


async def test_a_second_withdrawal_changes_nothing(stack: Stack) -> None:
    """The first time and reason count."""
    id_ = await stack.deliver()
    first = await withdraw(stack, id_)
    stack.clock.advance(timedelta(hours=1))

    again = await withdraw(stack, id_, "Un altro motivo")

    assert (again.status, again.body) == (200, first.body)
    assert len((await sent(stack, id_))["status_history"]) == 3


@pytest.mark.parametrize(
    "name", ["read_payment_qr_svg", "read_payment_notice", "read_calendar_entry"]
)
async def test_documents_of_a_withdrawn_message_are_gone(stack: Stack, name: str) -> None:
    """A citizen who read the message gets no code, notice or calendar entry any more."""
    id_ = await stack.deliver(content=PAYABLE)
    await read(stack, id_)
    await withdraw(stack, id_)

    reply = await stack.call(name, path={"id": id_}, citizen=CITIZEN)

    assert (reply.status, reply.body["title"]) == (404, "Message withdrawn")


async def test_a_rejected_message_stays_rejected(stack: Stack) -> None:
    """Nobody sees the message, and its withdrawal is noted all the same."""
    await with_profile(stack, is_inbox_enabled=False)
    id_ = await stack.deliver()

    assert (await withdraw(stack, id_)).status == 200

    body = await sent(stack, id_)
    assert (body["status"], body["withdrawal"]["reason"]) == ("REJECTED", REASON)


async def test_the_budget(counted: CountedStack) -> None:
    """A withdrawal costs 2 reads, 1 patch and 1 batch.

    It costs 2 operations more for a payment, and 1 more for a message that was read.
    """
    plain, payable = await counted.deliver(), await counted.deliver(content=PAYABLE)
    was_read = await counted.deliver()
    await read(counted, was_read)
    for id_, more in ((plain, {}), (payable, {"read": 3, "replace": 1}), (was_read, {"read": 3})):
        counted.reset()
        await withdraw(counted, id_)
        assert counted.documents == {"read": 2, "patch": 1, "batch": 1, **more}
        assert counted.queues == {}
