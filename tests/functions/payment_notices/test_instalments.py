"""A payment notice lists its instalments in one message."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.domain.shared.identifiers import RptId
from lib.ports.schema.messages import PAYMENTS
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
from tests.builders.payments import PAYEE
from tests.functions.payment_notices.in_parts import IN_MAY, SECOND, in_parts, until
from tests.stack import Stack, refusal
from tests.stored import (
    is_number_taken,
    stored_instalment,
    stored_markdown,
    stored_notice,
    stored_payment,
    stored_text,
)


@pytest.mark.parametrize("whole", [True, False])
async def test_one_message_lists_all_instalments(stack: Stack, whole: bool) -> None:
    """The message asks for the whole sum, or for the first instalment where there is no whole."""
    reply = await send(stack, in_parts(whole=whole))
    await stack.drain()

    assert reply.status == 201
    assert reply.body["rpt_id"] == (RPT_ID if whole else PAYEE + number(11))
    (listed,) = await inbox(stack)
    assert listed["amount"] == (8450 if whole else 4225)
    markdown = await stored_markdown(stack, listed["id"])
    for one in (
        "1. 42,25\xa0€, scadenza 28 febbraio 2027",
        "3. 42,25\xa0€, scadenza 31 dicembre 2027",
    ):
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
            "later than the due date of the instalment before",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2099-12-31")]},
            "/instalments/1/due_date",
            "2099-12-31",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2027-06-30", 4224)]},
            "/instalments",
            "sum up to 8449 cents, less than amount_cents (8450)",
        ),
        (
            {"instalments": [INSTALMENTS[0], an_instalment(12, "2027-06-30", 1_000_001)]},
            "/instalments/1/amount_cents",
            "at most 1000000",
        ),
    ],
)
async def test_a_wrong_instalment_is_named(
    stack: Stack, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    """The answer names the instalment and the rule, and nothing is stored."""
    reply = await send(stack, a_notice(**changes))

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == pointer
    assert rule in reply.body["errors"][0]["detail"]
    assert not await is_number_taken(stack)
    assert not await is_number_taken(stack, PAYEE + number(12))


async def test_a_number_of_an_instalment_is_taken(stack: Stack) -> None:
    """The number of an instalment gets 409 in another notice, which takes no number."""
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
    """Fifty requests at once make one notice with all its numbers."""
    replies = await asyncio.gather(*(send(stack, in_parts()) for _ in range(50)))
    await stack.drain()

    assert sorted(reply.status for reply in replies) == [200] * 49 + [201]
    assert len(await inbox(stack)) == 1


async def test_an_amendment_keeps_the_numbers_of_the_instalments(stack: Stack) -> None:
    """An amendment with other numbers, or of a paid instalment, gets 409."""
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
    """The number of an instalment gets 409 with the number of its notice."""
    await send(stack, in_parts())

    for reply in (await read(stack, SECOND), await cancel(stack, SECOND)):
        assert refusal(reply)[:2] == (409, "Conflict")
        assert RPT_ID in reply.body["detail"]


async def test_a_cancellation_spares_paid_instalments(stack: Stack) -> None:
    """A cancellation leaves paid instalments; a notice that is paid cannot be cancelled."""
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


async def test_later_instalments_are_scheduled(stack: Stack) -> None:
    """A later instalment is scheduled, again where its date moves, and not as a message."""
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
    await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    told.clear()

    parts = [*INSTALMENTS[:2], an_instalment(13, "2028-01-31")]
    reply = await amend(stack, an_amendment(instalments=parts, description=None))

    assert reply.status == 200
    assert [rpt_id for rpt_id, _ in told] == [PAYEE + number(11), PAYEE + number(13)]
    assert told[1][1] == datetime(2028, 1, 31, 22, 59, 59, tzinfo=UTC) - lead


async def test_no_id_names_the_citizen(stack: Stack) -> None:
    """The notice names its debtor, and a claim on an instalment does not."""
    await send(stack, in_parts())

    assert (await stored_notice(stack)).fiscal_code == CITIZEN
    claim = await stored_instalment(stack, SECOND)
    assert (claim.of, claim.service_id) == (RPT_ID, SERVICE_ID)
    assert CITIZEN not in await stored_text(stack, PAYMENTS, SECOND, "notice")
