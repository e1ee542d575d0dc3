"""Payment notices on ports that fail: at each call in turn, and at random."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import override

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.payments.payment import Payment
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.documents import Document, Query
from lib.ports.errors import UnavailableError
from lib.ports.schema.messages import MESSAGES
from lib.repositories.payments.payments import Payments
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    an_instalment,
    cancel,
    number,
    read,
    send,
)
from tests.builders.payments import PAYEE
from tests.faults.flaky import Faults
from tests.faults.listeners import ATTEMPTS
from tests.faults.test_flaky_ports import FlakyStack
from tests.stack import Reply, Stack
from tests.stored import stored_payment

IN_PARTS = a_notice(instalments=list(INSTALMENTS))
SECOND = PAYEE + number(12)


@dataclass
class FaultAt(Faults):
    """Faults that fail the call number `at`, before or after the deed."""

    at: int = 0
    outcome: str = "before"

    @override
    def strikes(self, name: str) -> str | None:
        """Count down to the call that fails."""
        if name.startswith("push"):
            return None
        self.at -= 1
        return self.outcome if self.at == 0 else None


async def new(stack: Stack) -> Reply:
    """Send a notice in instalments."""
    return await send(stack, IN_PARTS)


async def amended(stack: Stack) -> Reply:
    """Amend a notice that exists."""
    parts = [INSTALMENTS[0], an_instalment(12, "2027-07-31", 5000), INSTALMENTS[2]]
    return await amend(stack, an_amendment(amount_cents=9000, instalments=parts))


async def cancelled(stack: Stack) -> Reply:
    """Cancel a notice that exists."""
    return await cancel(stack)


async def instalment(stack: Stack) -> Reply:
    """Send an instalment that is near, as the reminder engine does."""
    try:
        assert await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    except UnavailableError:
        return Reply(503, None, {})
    return Reply(200, None, {})


async def nothing(stack: Stack) -> None:
    """Begin with an empty store."""


async def sent(stack: Stack) -> None:
    """Begin with a notice that is not fanned out yet."""
    assert (await new(stack)).status == 201


async def near(stack: Stack) -> None:
    """Begin with a notice in the inbox, an instalment of which is near."""
    await sent(stack)
    await stack.drain()
    stack.clock.advance(datetime(2027, 5, 31, 22, tzinfo=UTC) - stack.clock.now())


async def delivered(stack: Stack) -> None:
    """Begin with a notice and one of its instalments in the inbox."""
    await near(stack)
    assert await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    await stack.drain()


def without_ids(payment: Payment) -> Payment:
    """Return the payment without ids that chance made."""
    event = payment.event and replace(payment.event, id="", notice_id=MessageId(""))
    carriers = tuple(replace(one, message_id=MessageId("")) for one in payment.carriers)
    return replace(payment, carriers=carriers, event=event)


async def outcome(stack: FlakyStack) -> tuple[list[Document], list[Document], object]:
    """Return the whole state of the notice, without random ids."""
    page = await stack.real_store.query(MESSAGES, Query(CITIZEN, limit=100))
    rpt_ids = (RPT_ID, *(PAYEE + one["notice_number"] for one in INSTALMENTS))
    payments = [
        {} if payment is None else asdict(without_ids(payment))
        for payment in [await Payments(stack.store).get(one) for one in rpt_ids]
    ]
    messages = [
        {
            name: value
            for name, value in one.items()
            if name not in {"id", "payment_order", "reminder_at"}
        }
        for one in page.items
    ]
    view = (await read(stack)).body
    del view["message_id"]
    for one in view["instalments"]:
        one.pop("message_id", None)
    return messages, payments, view


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize(
    ("begin", "act"),
    [
        (nothing, new),
        (sent, amended),
        (delivered, amended),
        (sent, cancelled),
        (delivered, cancelled),
        (near, instalment),
    ],
)
async def test_a_failure_at_any_call_is_completed_by_a_second_attempt(
    tmp_path: Path,
    begin: Callable[[Stack], Awaitable[None]],
    act: Callable[[Stack], Awaitable[Reply]],
    fault: str,
) -> None:
    """Whichever call fails, the answer is one 503, and a second attempt completes the state."""
    reference, at, deaths = None, 0, 0
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        stack = FlakyStack(folder, 0)
        faults = FaultAt(random.Random(0), outcome=fault)
        stack.faults.strikes = faults.strikes  # type: ignore[method-assign]  # of the ports it has
        await stack.start()
        await begin(stack)

        faults.at = at
        reply = await act(stack)
        reached = faults.at <= 0
        if reply.status == 503:
            deaths += 1
            reply = await act(stack)
        faults.at = 0
        assert reply.status in {200, 201}
        await stack.drain()
        found = await outcome(stack)
        pushes = len(stack.kept.sent)
        await stack.app.close()

        reference = reference or (found, pushes)
        assert (found, pushes) == reference
        if not reached:
            break
        at += 1
    assert deaths >= 4


async def test_ports_that_fail_one_call_in_ten_send_every_notice_once(
    tmp_path: Path, seed: int
) -> None:
    """Each message of forty notices agrees with its notice, sent and amended at any time."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    stack.faults.rate = 0.1

    async def client(one: int) -> None:
        notice = a_notice(notice_number=number(one))
        for changes in ({}, {"amount_cents": 9000 + one}):
            for _ in range(ATTEMPTS):
                reply = await send(stack, {**notice, **changes})
                if reply.status != 503:
                    break
            assert reply.status in {200, 201}, reply

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(client(one)) for one in range(40)]
        while not all(one.done() for one in tasks):
            await stack.step()
            await asyncio.sleep(0)
    await stack.settle()
    stack.faults.rate = 0.0

    assert not await stack.dead_letters()
    messages = await stack.messages()
    assert sorted(one["amount"] for one in messages) == [9000 + one for one in range(40)]
    assert {one["status"] for one in messages} == {"PROCESSED"}
    for one in range(40):
        payment = await stored_payment(stack, PAYEE + number(one))
        assert payment.amount == 9000 + one
        assert len(payment.carriers) == 1
    await stack.app.close()
