"""Payments on ports that fail at random: no update and no message is lost to the other."""

import asyncio
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY, SERVICE_ID
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document
from lib.ports.schema.messages import MESSAGES, PAYMENTS
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.statistics.folds import Folds
from lib.repositories.statistics.statistics import Statistics
from tests.builders.payments import PAYEE, a_payment
from tests.doubles.clock import START
from tests.faults.listeners import ATTEMPTS, send
from tests.faults.submissions import Submission
from tests.faults.test_flaky_ports import FlakyStack

NOTICES = 10


def asking(number: int) -> Submission:
    """Return a submission that asks for one of the payments."""
    one = Submission.make(number, 1, random.Random(number))
    notice = f"3{number % NOTICES:017}"
    return Submission(
        number,
        one.citizen,
        {**one.content, "payment_data": a_payment(amount=1, notice_number=notice)},
        one.key,
    )


async def tell(stack: FlakyStack, notice: int, minute: int) -> None:
    """Send the updates of a payment, each until it is taken; the last update is PAID."""
    update: Document = {
        "event_id": f"event-{minute}",
        "occurred_at": timestamp(START + timedelta(minutes=minute)),
        "outcome": "PAID" if minute % 2 else "REVERSED",
    }
    path = {"rpt_id": f"{PAYEE}3{notice:017}"}
    for _ in range(ATTEMPTS):
        reply = await stack.call("update_payment", update, path=path, key=PAYMENTS_KEY)
        if reply.status == 200:
            return
        assert reply.status == 503, reply
    raise AssertionError(f"no attempt was accepted: {reply}")


async def test_ports_that_fail_one_call_in_ten_leave_every_message_paid(
    tmp_path: Path, seed: int
) -> None:
    """Four messages and four updates for each of ten payments, in any order."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    stack.faults.rate = 0.1
    submissions = [asking(number) for number in range(4 * NOTICES)]
    work = [
        *(send(stack, one, stack.faults.counts) for one in submissions),
        *(tell(stack, notice, minute) for notice in range(NOTICES) for minute in range(4)),
    ]
    random.Random(seed).shuffle(work)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in work]
        while not all(one.done() for one in tasks):
            await stack.step()
            await asyncio.sleep(0)
    await stack.settle()
    stack.faults.rate = 0.0

    assert not await stack.dead_letters()
    for notice in range(NOTICES):
        rpt_id = f"{PAYEE}3{notice:017}"
        payment = (await stack.real_store.read(PAYMENTS, rpt_id, "payment")).document
        carriers = {one.id for one in submissions if one.number % NOTICES == notice}
        assert (payment["status"], payment["event"]["id"]) == ("PAID", "event-3")
        assert {one["message_id"] for one in payment["messages"]} == carriers
    for one in submissions:
        message = (await stack.real_store.read(MESSAGES, CITIZEN, one.id or "")).document
        assert (message["status"], message["payment_status"]) == ("PROCESSED", "PAID")
    counts: Counter[str] = Counter()
    statistics = Statistics(stack.real_store, Folds(Schedule(stack.real_store)))
    period = date(2026, 11, 1), date(2026, 12, 31), stack.clock.now().date()
    for day in (await statistics.days(SERVICE_ID, *period)).values():
        counts.update(day)
    assert (counts["REACHED"], counts["PAID-NONE"]) == (len(submissions), len(submissions))
    await stack.app.close()
