"""A payment notice that is sent becomes a message, and its sender reads it back."""

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, PAYMENTS_KEY
from lib.domain.messages.message_parts import PaymentRequest
from lib.domain.shared.values import timestamp
from tests.builders.payment_notices import (
    NUMBER,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    cancel,
    inbox,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.clock import START
from tests.stack import Stack, refusal
from tests.stored import (
    stored_markdown,
    stored_message,
    stored_payment,
)


async def test_a_notice_becomes_a_message(stack: Stack) -> None:
    """A notice becomes a message with its payment, its due date and one push."""
    reply = await send(stack)
    await stack.drain()

    assert reply.status == 201
    assert reply.headers["Location"] == f"/api/v1/payment-notices/{RPT_ID}"
    id_ = reply.body["message_id"]
    assert reply.body == {
        "rpt_id": RPT_ID,
        "message_id": id_,
        "version": 1,
        "status": "ACCEPTED",
        "payment_status": "NOT_PAID",
    }
    (listed,) = await inbox(stack)
    assert listed["message_title"] == "Tassa sui rifiuti 2027"
    assert (listed["amount"], listed["due_date"]) == (8450, "2027-06-30T21:59:59.000Z")
    assert listed["category"] == {"tag": "PAYMENT", "rptId": RPT_ID}
    assert "amended_at" not in listed
    assert (await stored_message(stack, id_)).payment == PaymentRequest(8450, NUMBER, PAYEE, False)
    markdown = await stored_markdown(stack, id_)
    assert "**84,50\xa0€**" in markdown
    assert "**30 giugno 2027**" in markdown
    assert [one.message_id for one in (await stored_payment(stack, RPT_ID)).carriers] == [id_]
    assert [one.message_id for one in stack.push.sent] == [id_]


async def test_a_notice_is_read_back(stack: Stack) -> None:
    """The sender reads the notice as it sent it, with the status of message and payment."""
    id_ = (await send(stack)).body["message_id"]
    await stack.drain()

    reply = await read(stack)

    assert (reply.status, reply.body) == (
        200,
        {
            "rpt_id": RPT_ID,
            "fiscal_code": CITIZEN,
            "payee": PAYEE,
            "notice_number": NUMBER,
            "amount_cents": 8450,
            "due_date": "2027-06-30T21:59:59.000Z",
            "subject": "Tassa sui rifiuti 2027",
            "description": "Prima rata, via Roma 1.",
            "invalid_after_due_date": False,
            "language": "it_IT",
            "created_at": timestamp(START),
            "version": 1,
            "amendments": [],
            "message_id": id_,
            "status": "PROCESSED",
            "payment_status": "NOT_PAID",
        },
    )


async def test_a_notice_to_a_citizen_without_a_profile_is_rejected(stack: Stack) -> None:
    """The notice shows that its message was rejected, as any message would be."""
    await send(stack, a_notice(fiscal_code="NOPROF00A00A000A"))
    await stack.drain()

    assert (await read(stack)).body["status"] == "REJECTED"


async def test_the_day_that_was_written_is_kept_and_amended(stack: Stack) -> None:
    """The notice keeps the day that the sender wrote, in its text and in its reminders."""
    id_ = (await send(stack, a_notice(due_date="2028-12-09T22:00:00Z"))).body["message_id"]
    await stack.drain()
    assert "9 dicembre 2028, ore\xa023:00" in await stored_markdown(stack, id_)

    for version, (due, day, said) in enumerate(
        [
            ("2028-12-10T00:00:00+02:00", "2028-12-10", "10 dicembre 2028**"),
            ("2028-12-09T22:00:00Z", None, "9 dicembre 2028, ore\xa023:00"),
        ],
        start=1,
    ):
        reply = await amend(stack, an_amendment(version, due_date=due))
        assert reply.body["changed"] == ["due_date"]
        changed = await stored_message(stack, id_)
        assert changed.due_day == day
        assert changed.due_date == "2028-12-09T22:00:00.000Z"
        assert said in await stored_markdown(stack, id_)
        assert changed.reminders.next is not None
        assert changed.reminders.next.name.startswith("20281210" if day else "20281209")


async def test_which_keys_may_send_a_notice(stack: Stack) -> None:
    """A limited key sends to its own recipients alone; a key without the group sends nothing."""
    other = await send(stack, a_notice(fiscal_code=OTHER_CITIZEN), key=LIMITED_KEY)
    own = await send(stack, key=LIMITED_KEY)
    payments = await send(stack, key=PAYMENTS_KEY)

    assert refusal(other)[:2] == (403, "Recipient forbidden")
    assert own.status == 201
    assert refusal(payments)[:2] == (403, "You are not allowed here")


async def test_which_payee_a_notice_may_name(stack: Stack) -> None:
    """A notice names the sender's own organisation, or another one where the key's group allows."""
    foreign = await send(stack, a_notice(payee="09876543210"), key=LIMITED_KEY)
    own = await send(stack, a_notice(payee=PAYEE), key=LIMITED_KEY)
    allowed = await send(stack, a_notice(payee="09876543210"))

    assert refusal(foreign) == (
        403,
        "You are not allowed here",
        "You do not have enough permissions to send a payment message with payee",
    )
    assert own.status == 201
    assert (allowed.status, allowed.body["rpt_id"]) == (201, f"09876543210{NUMBER}")


async def test_another_service_finds_no_notice(stack: Stack) -> None:
    """Another service, and a number without a notice, get 404."""
    await send(stack)

    replies = [
        await read(stack, key=LIMITED_KEY),
        await amend(stack, an_amendment(), key=LIMITED_KEY),
        await cancel(stack, key=LIMITED_KEY),
        await read(stack, PAYEE + number(2)),
    ]

    assert {refusal(reply)[:2] for reply in replies} == {(404, "Payment notice not found")}


async def test_a_payment_before_the_fan_out_shows_in_the_message(stack: Stack) -> None:
    """A message whose payment is made before the fan-out arrives as paid."""
    id_ = (await send(stack)).body["message_id"]
    await tell(stack)
    await stack.drain()

    stored = await stored_message(stack, id_)
    assert (stored.status, stored.payment_status) == ("PROCESSED", "PAID")
