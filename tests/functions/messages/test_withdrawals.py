"""A sender withdraws a message."""

from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from tests.builders.payment_notices import a_notice
from tests.builders.payments import PAYEE, a_payment
from tests.builders.profiles import with_profile
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.inbox_calls import change, page
from tests.stack import Reply, Stack, take
from tests.stored import stored_message

REASON = "L'importo era sbagliato."
NUMBER = "302000000000000184"
RPT_ID = RptId(f"{PAYEE}{NUMBER}")
PAYABLE = {"payment_data": a_payment(notice_number=NUMBER), "due_date": "2026-11-26T11:00:00Z"}


async def withdraw(stack: Stack, id_: str, reason: str = REASON, **call: Any) -> Reply:
    """Withdraw a message of the citizen."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return await stack.call("withdraw_message", {"reason": reason}, path=path, **call)


async def sent(stack: Stack, id_: str) -> Any:
    """Return the message as its sender reads it, with all that Prefer adds."""
    reply = await stack.call(
        "read_sent_message",
        path={"fiscal_code": CITIZEN, "id": id_},
        headers={"Prefer": "include=history,withdrawal"},
    )
    assert reply.status == 200
    return reply.body


async def opened(stack: Stack, id_: str) -> Reply:
    """Open a message as its citizen."""
    return await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )


async def read(stack: Stack, id_: str) -> None:
    """Mark a message as read."""
    assert (await change(stack, id_, change_type="reading", is_read=True)).status == 200


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


async def test_a_message_that_waits_for_its_fan_out_is_never_delivered(stack: Stack) -> None:
    """The withdrawal comes first: nothing is shown, announced or planned."""
    id_ = await stack.submit(content=PAYABLE)

    assert (await withdraw(stack, id_)).status == 200
    await stack.drain()

    assert (await page(stack))["items"] == []
    assert stack.push.sent == []
    assert (await sent(stack, id_))["status"] == "REJECTED"
    payment = await stack.app.repositories.payments.get(RPT_ID)
    assert payment is None or not payment.names(id_)


async def test_a_withdrawal_in_the_middle_of_the_fan_out_wins(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is withdrawn after the fan-out joined the payment and before its delivery."""
    id_ = await stack.submit(content=PAYABLE)
    deliver = stack.app.repositories.messages.deliver

    async def late(*args: Any, **kwargs: Any) -> Any:
        assert (await withdraw(stack, id_)).status == 200
        return await deliver(*args, **kwargs)

    monkeypatch.setattr(stack.app.repositories.messages, "deliver", late)
    await stack.drain()

    assert (await page(stack))["items"] == []
    assert stack.push.sent == []
    payment = await stack.app.repositories.payments.get(RPT_ID)
    assert payment is not None
    assert not payment.names(id_)


async def test_a_notification_that_waits_is_not_sent(stack: Stack) -> None:
    """The fan-out has queued the notification; the withdrawal comes before its send."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 1

    await withdraw(stack, id_)
    await stack.drain()

    assert stack.push.sent == []


@pytest.mark.parametrize("is_read", [True, False])
async def test_no_reminder_follows(stack: Stack, *, is_read: bool) -> None:
    """The plan of a withdrawn message is over, for citizen and sender."""
    id_ = await stack.deliver(content=PAYABLE)
    if is_read:
        await read(stack, id_)
    stack.push.sent.clear()

    await withdraw(stack, id_)
    await stack.live_until(stack.clock.moment + timedelta(days=3))

    assert stack.push.sent == []
    message = await stored_message(stack, id_)
    assert message.reminders.next is None
    path = {"fiscal_code": CITIZEN, "id": id_}
    plan = (await stack.call("read_sent_reminders", path=path)).body
    assert (plan["ended"], plan["to_come"]) == ("WITHDRAWN", [])
    if is_read:
        plan = (await stack.call("read_reminders", path={"id": id_}, citizen=CITIZEN)).body
        assert (plan["ended"], plan["to_come"]) == ("WITHDRAWN", [])


async def test_another_message_of_the_payment_goes_on(stack: Stack) -> None:
    """The payment forgets the withdrawn message alone, and the other message reminds."""
    other, id_ = await stack.deliver(content=PAYABLE), await stack.deliver(content=PAYABLE)
    stack.push.sent.clear()

    await withdraw(stack, id_)
    payment = await stack.app.repositories.payments.get(RPT_ID)
    await stack.live_until(stack.clock.moment + timedelta(days=3))

    assert payment is not None
    assert [carrier.message_id for carrier in payment.carriers] == [other]
    assert stack.push.sent


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


async def test_a_failed_message_cannot_come_back(stack: Stack) -> None:
    """An operator who processes the message again does not deliver it."""
    id_ = await stack.submit()
    messages = stack.app.repositories.messages
    await messages.fail(CITIZEN, id_, "2026-11-23T09:00:01.000Z")

    await withdraw(stack, id_)

    assert (await stored_message(stack, id_)).status == "WITHDRAWN"
    await stack.drain()
    assert (await page(stack))["items"] == []


async def test_another_service_may_not_withdraw(stack: Stack) -> None:
    """A message of another service is not withdrawn."""
    id_ = await stack.deliver()

    reply = await withdraw(stack, id_, key=LIMITED_KEY)

    assert reply.status == 403
    assert (await stored_message(stack, id_)).withdrawal is None


async def test_a_message_that_does_not_exist(stack: Stack) -> None:
    """An unknown id gets 404, and so does a text that is no id."""
    for id_ in ("01J0000000000000000000000A", "x"):
        assert (await withdraw(stack, id_)).status == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "\u200b"},
                                  {"reason": REASON, "reasons": 1}])  # fmt: skip
async def test_a_wrong_body_names_its_field(stack: Stack, body: dict[str, Any]) -> None:
    """The reason must be a text that can be read."""
    path = {"fiscal_code": CITIZEN, "id": MessageId("01J0000000000000000000000A")}
    reply = await stack.call("withdraw_message", body, path=path)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"].startswith("/reason")


async def test_the_message_of_a_payment_notice_is_cancelled_with_it(stack: Stack) -> None:
    """The notice decides about its messages."""
    id_ = (await stack.call("submit_payment_notice", a_notice())).body["message_id"]

    reply = await withdraw(stack, id_)

    assert (reply.status, reply.body["title"]) == (409, "Message of a payment notice")


async def test_the_budget(counted: CountedStack) -> None:
    """A withdrawal costs 1 read and 1 patch; 2 more for a payment, 1 more for a read message."""
    plain, payable = await counted.deliver(), await counted.deliver(content=PAYABLE)
    was_read = await counted.deliver()
    await read(counted, was_read)
    for id_, more in ((plain, {}), (payable, {"read": 2, "replace": 1}), (was_read, {"read": 2})):
        counted.reset()
        await withdraw(counted, id_)
        assert counted.documents == {"read": 1, "patch": 1, **more}
        assert counted.queues == {}
