"""Payment notices in instalments: one message lists them all, each later one comes when near."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.ports.documents import Document
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema import PAYMENTS
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    an_instalment,
    cancel,
    inbox,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE, a_payment
from tests.stack import Stack, refusal
from tests.stored import (
    is_number_taken,
    stored_instalment,
    stored_markdown,
    stored_message,
    stored_notice,
    stored_payment,
    stored_text,
)

SECOND = PAYEE + number(12)
IN_MAY = datetime(2027, 5, 31, 22, tzinfo=UTC)
"""Thirty days before the second instalment is due, and two minutes."""


def in_parts(*, whole: bool = True, **changes: Any) -> Document:
    """Return a notice in three instalments, beside the whole sum or without it."""
    alone: Document = {} if whole else dict.fromkeys(("notice_number", "amount_cents", "due_date"))
    return a_notice(instalments=list(INSTALMENTS), **alone, **changes)


async def until(stack: Stack, moment: datetime) -> None:
    """Move the clock."""
    stack.clock.advance(moment - stack.clock.now())


@pytest.mark.parametrize("whole", [True, False])
async def test_one_message_lists_them_all(stack: Stack, whole: bool) -> None:
    """It asks for the whole sum, or for the first where there are instalments alone."""
    reply = await send(stack, in_parts(whole=whole))
    await stack.drain()

    assert reply.status == 201
    assert reply.body["rpt_id"] == (RPT_ID if whole else PAYEE + number(11))
    (listed,) = await inbox(stack)
    assert listed["amount"] == (8450 if whole else 4225)
    markdown = await stored_markdown(stack, listed["id"])
    for one in ("1. 42,25 €, scadenza 28 febbraio 2027", "3. 42,25 €, scadenza 31 dicembre 2027"):
        assert one in markdown
    view = (await read(stack, reply.body["rpt_id"])).body
    assert [one["notice_number"] for one in view["instalments"]] == [
        one["notice_number"] for one in INSTALMENTS
    ]
    assert view.get("amount_cents") == (8450 if whole else None)


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"instalments": INSTALMENTS[:1]}, "/instalments", "at least 2 items"),
        (
            {
                "instalments": [
                    an_instalment(one, f"2027-06-{one - 10:02}") for one in range(11, 36)
                ]
            },
            "/instalments",
            "at most 24 items",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(11, "2027-09-30")]},
            "/instalments/1/notice_number",
            "another sum of this notice",
        ),
        (
            {"instalments": [an_instalment(1, "2027-02-28"), INSTALMENTS[1]]},
            "/instalments/0/notice_number",
            "another sum of this notice",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2027-02-28")]},
            "/instalments/1/due_date",
            "later than that of the one before",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2099-12-31")]},
            "/instalments/1/due_date",
            "2099-12-31",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2027-06-30", 4224)]},
            "/instalments",
            "come to 8449 cents, less than amount_cents (8450)",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2027-06-30", 1_000_001)]},
            "/instalments/1/amount_cents",
            "at most 1000000",
        ),
    ],
)
async def test_what_is_wrong_with_instalments_is_named(
    stack: Stack, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    """Which one, and the rule; nothing is stored."""
    reply = await send(stack, a_notice(**changes))

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == pointer
    assert rule in reply.body["errors"][0]["detail"]
    assert not await is_number_taken(stack)
    assert not await is_number_taken(stack, PAYEE + number(12))


async def test_a_number_of_an_instalment_is_taken(stack: Stack) -> None:
    """By another notice's instalments, in whole or in part; the refused one takes no number."""
    await send(stack, in_parts())
    other = [an_instalment(21, "2027-03-01"), an_instalment(12, "2027-06-30")]

    as_part = await send(stack, a_notice(notice_number=number(2), instalments=other))
    as_whole = await send(stack, a_notice(notice_number=number(12)))
    elsewhere = await send(stack, a_notice(notice_number=number(12)), key=LIMITED_KEY)

    for reply in (as_part, as_whole, elsewhere):
        assert refusal(reply)[:2] == (409, "Duplicate payment notice")
    assert not await is_number_taken(stack, PAYEE + number(21))
    assert not await is_number_taken(stack, PAYEE + number(2))


async def test_fifty_at_once_are_one_notice(stack: Stack) -> None:
    """With all its numbers."""
    replies = await asyncio.gather(*(send(stack, in_parts()) for _ in range(50)))
    await stack.drain()

    assert sorted(reply.status for reply in replies) == [200] * 49 + [201]
    assert len(await inbox(stack)) == 1


async def test_a_later_instalment_comes_when_it_is_near(stack: Stack) -> None:
    """Once, whoever asks and however often; with its own payment, at the top of the inbox."""
    first = (await send(stack, in_parts())).body["message_id"]
    await stack.drain()
    early = await stack.app.payment_notices.submit_instalment(SECOND)
    await until(stack, IN_MAY)

    told = await asyncio.gather(
        *(stack.app.payment_notices.submit_instalment(SECOND) for _ in range(6))
    )
    await stack.drain()
    again = await stack.app.payment_notices.submit_instalment(SECOND)
    await stack.drain()

    assert (early, told, again) == (False, [True] * 6, True)
    listed = await inbox(stack)
    assert [one["id"] for one in listed][1:] == [first]
    assert listed[0]["category"] == {"tag": "PAYMENT", "rptId": SECOND}
    assert listed[0]["due_date"] == "2027-06-30T21:59:59.000Z"
    stored = await stored_message(stack, listed[0]["id"])
    assert stored.created_at == "2027-05-31T22:00:00.000Z"
    assert "È la rata 2 di 3." in await stored_markdown(stack, listed[0]["id"])
    assert len(stack.push.sent) == 2
    view = (await read(stack)).body
    assert [one.get("message_id") for one in view["instalments"]] == [None, listed[0]["id"], None]


@pytest.mark.parametrize("rpt_id", [RPT_ID, PAYEE + number(99)])
async def test_what_is_no_later_instalment_is_none(stack: Stack, rpt_id: str) -> None:
    """Neither the notice itself nor a number that nobody knows."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)

    assert not await stack.app.payment_notices.submit_instalment(rpt_id)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0


@pytest.mark.parametrize("why", ["paid", "paid as a whole", "cancelled", "told", "too late"])
async def test_an_instalment_that_is_not_due_is_not_sent(stack: Stack, why: str) -> None:
    """Paid by its own number or with the whole, taken back, told by others, or past its date."""
    await send(stack, in_parts())
    await stack.drain()
    match why:
        case "paid":
            await tell(stack, rpt_id=SECOND)
        case "paid as a whole":
            await tell(stack)
        case "cancelled":
            await cancel(stack)
        case "told":
            await stack.deliver(content={"payment_data": a_payment(notice_number=number(12))})
    await until(stack, IN_MAY + timedelta(days=31 if why == "too late" else 0))

    assert not await stack.app.payment_notices.submit_instalment(SECOND)
    await stack.drain()
    assert len(await inbox(stack)) == (2 if why == "told" else 1)


async def test_an_amendment_reaches_the_instalments(stack: Stack) -> None:
    """Those that are messages change; the others are sent as amended."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    await stack.app.payment_notices.submit_instalment(SECOND)
    await stack.drain()
    parts = [
        INSTALMENTS[0],
        an_instalment(12, "2027-07-31", 5000),
        an_instalment(13, "2028-01-31", 6000),
    ]

    reply = await amend(stack, an_amendment(instalments=parts))
    await until(stack, datetime(2028, 1, 10, tzinfo=UTC))
    await stack.app.payment_notices.submit_instalment(PAYEE + number(13))
    await stack.drain()

    assert (reply.status, reply.body["changed"]) == (200, ["instalments"])
    third, second, first = await inbox(stack)
    assert (second["amount"], second["due_date"]) == (5000, "2027-07-31T21:59:59.000Z")
    assert (await stored_payment(stack, SECOND)).amount == 5000
    assert third["amount"] == 6000
    assert "2. 50,00 €" in await stored_markdown(stack, first["id"])


async def test_instalments_and_amendments_at_once(stack: Stack) -> None:
    """Whoever is first: the instalment's message says what the notice says."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    for version in range(1, 9):
        parts = [INSTALMENTS[0], an_instalment(12, "2027-06-30", 5000 + version), INSTALMENTS[2]]

        told, reply = await asyncio.gather(
            stack.app.payment_notices.submit_instalment(SECOND),
            amend(stack, an_amendment(version, instalments=parts)),
        )
        await stack.drain()

        assert (told, reply.status) == (True, 200)
        listed = await inbox(stack)
        assert [one["amount"] for one in listed] == [5000 + version, 8450]


async def test_numbers_of_instalments_stay(stack: Stack) -> None:
    """Neither more nor fewer, nor others; nor another amount of one that is paid."""
    await send(stack, in_parts())
    await stack.drain()
    await tell(stack, rpt_id=SECOND)
    dearer = [INSTALMENTS[0], an_instalment(12, "2027-06-30", 5000), INSTALMENTS[2]]

    fewer = await amend(stack, an_amendment(instalments=list(INSTALMENTS[:2])))
    none = await send(stack)
    paid = await amend(stack, an_amendment(instalments=dearer))

    assert refusal(fewer)[:2] == refusal(none)[:2] == (409, "Conflict")
    assert refusal(paid)[:2] == (409, "Payment notice closed")


async def test_an_instalment_is_not_a_notice(stack: Stack) -> None:
    """Its number leads to the notice's."""
    await send(stack, in_parts())

    for reply in (await read(stack, SECOND), await cancel(stack, SECOND)):
        assert refusal(reply)[:2] == (409, "Conflict")
        assert RPT_ID in reply.body["detail"]


async def test_cancelling_spares_what_is_paid(stack: Stack) -> None:
    """The rest is cancelled; where the whole is paid, or each part, nothing can be."""
    first = PAYEE + number(11)
    await send(stack, in_parts(whole=False))
    await stack.drain()
    await tell(stack, rpt_id=first)

    reply = await cancel(stack, first)
    await stack.drain()

    assert reply.status == 200
    assert (await stored_payment(stack, first)).status == "PAID"
    assert (await stored_payment(stack, SECOND)).status == "CANCELLED"
    await send(stack, a_notice(notice_number=number(5)))
    await tell(stack, rpt_id=PAYEE + number(5))
    assert refusal(await cancel(stack, PAYEE + number(5)))[0] == 409


async def test_later_instalments_are_told_to_the_planner(stack: Stack) -> None:
    """When each is to be sent; anew as an amendment moves it, and not once it is a message."""
    told: list[tuple[str, datetime]] = []

    async def plan(rpt_id: str, at: datetime) -> None:
        told.append((rpt_id, at))

    stack.app.payment_notices.apply.plan_instalment = plan
    await send(stack, in_parts())
    lead = timedelta(days=30)
    dates = [
        datetime(2027, 2, 28, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC),
        datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC),
    ]
    assert told == [(PAYEE + number(11 + at), date - lead) for at, date in enumerate(dates)]
    await stack.drain()
    await until(stack, IN_MAY)
    await stack.app.payment_notices.submit_instalment(SECOND)
    told.clear()

    parts = [*INSTALMENTS[:2], an_instalment(13, "2028-01-31")]
    reply = await amend(stack, an_amendment(instalments=parts, description=None))

    assert reply.status == 200
    assert [rpt_id for rpt_id, _ in told] == [PAYEE + number(11), PAYEE + number(13)]
    assert told[1][1] == datetime(2028, 1, 31, 22, 59, 59, tzinfo=UTC) - lead


async def test_no_id_names_the_citizen(stack: Stack) -> None:
    """The debtor is a field of the notice, and stands in no claim on an instalment."""
    await send(stack, in_parts())

    assert (await stored_notice(stack)).fiscal_code == CITIZEN
    claim = await stored_instalment(stack, SECOND)
    assert (claim.of, claim.service_id) == (RPT_ID, SERVICE_ID)
    assert CITIZEN not in await stored_text(stack, PAYMENTS, SECOND, "notice")


async def days_of_reminders(stack: Stack, begin: datetime, end: datetime) -> list[str]:
    """Live through the days, a tick at eleven in the morning of each; return who was reminded."""
    stack.push.sent.clear()
    stack.clock.moment = begin
    while stack.clock.moment < end:
        await stack.tick()
        stack.clock.advance(timedelta(days=1))
    reminded = [one.message_id for one in stack.push.sent if "-REMINDER-" in one.id]
    amounts = {one["id"]: one["amount"] for one in await inbox(stack)}
    return [str(amounts[id_]) for id_ in reminded]


async def test_each_instalment_comes_by_itself_when_it_is_near(stack: Stack) -> None:
    """A month before its due date, by day, and is reminded of as any message."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, datetime(2027, 1, 30, 6, 55, tzinfo=UTC))
    await stack.tick()
    assert len(await inbox(stack)) == 1

    assert (
        await days_of_reminders(
            stack, datetime(2027, 1, 30, 10, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC)
        )
        == ["4225"] * 4
    )
    assert len(await inbox(stack)) == 2


async def test_what_is_paid_in_instalments_is_not_reminded_of_as_a_whole(stack: Stack) -> None:
    """Nor is an instalment that was paid with the whole."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    await stack.tick()
    await tell(stack, rpt_id=SECOND)
    await stack.drain()
    june = (datetime(2027, 6, 1, 10, tzinfo=UTC), datetime(2027, 7, 5, tzinfo=UTC))

    assert await days_of_reminders(stack, *june) == []
    whole = (await inbox(stack))[-1]["id"]
    past = await stack.call("read_reminders", path={"id": whole}, citizen=CITIZEN)
    assert {one["outcome"] for one in past.body["past"]} == {"PAID_OTHERWISE"}


async def test_the_whole_paid_ends_the_reminders_of_an_instalment(stack: Stack) -> None:
    """That was a message already when it was paid."""
    await send(stack, in_parts())
    await stack.tick()
    await until(stack, datetime(2027, 2, 10, 10, tzinfo=UTC))
    await stack.tick()
    await tell(stack, rpt_id=RPT_ID)
    await stack.drain()

    assert len(await inbox(stack)) == 2
    february = (datetime(2027, 2, 11, 10, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC))
    assert await days_of_reminders(stack, *february) == []
