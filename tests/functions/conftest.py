"""Fixtures of the functions' tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, SERVICE_ID, seed
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import (
    EMAIL_ADDRESS_CHANGED,
    EMAIL_REQUESTED,
    REMINDER_DUE,
    SUBSCRIPTION_SWITCHED,
)
from lib.repositories.scheduling.schedule import Entry, Schedule, slots_of, this_hour
from lib.use_cases.notifications.pace import Pace
from tests.builders.messages import a_message
from tests.builders.payments import PAYEE, a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.clock import START
from tests.doubles.counted_stack import (
    DUE_DATE,
    CountedStack,
    counted_at_the_ports,
    counted_on_the_wire,
    register,
    update_payment,
)
from tests.doubles.hub import Hub
from tests.doubles.queues import clear
from tests.doubles.slow_push import queue_pushes
from tests.doubles.telemetry import Kept
from tests.stack import Stack


@pytest.fixture
async def kept(stack: Stack) -> AsyncIterator[Kept]:
    """Give the telemetry that the stack exports."""
    kept = Kept()
    stack.app.telemetry = kept.telemetry
    yield kept
    await kept.telemetry.close()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """Give a notification hub on loopback."""
    async with Hub() as listening:
        yield listening


async def read_checkpoint(schedule: Schedule) -> None:
    """Let the schedule read its checkpoint, which a process does once a minute."""
    item = ReminderDue(fiscal_code=CITIZEN, message_id=MessageId("warm"), due_at=timestamp(START))
    await schedule.put(Entry(REMINDER_DUE, "warm", START, item), START)
    for slot in slots_of(this_hour(START)):
        await schedule.remove(await schedule.due(slot, START, limit=1))


@pytest.fixture(params=["ports", pytest.param("wire", marks=pytest.mark.slow)])
async def counted(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CountedStack]:
    """Give a stack that has cached sender and service, and has open connections."""
    stack = (
        counted_at_the_ports(tmp_path)
        if request.param == "ports"
        else counted_on_the_wire(tmp_path, request.getfixturevalue("emulators"))
    )
    async with stack as warm:
        await seed(warm.app)
        # opens the queue too
        queue_pushes(warm.app)
        id_ = await warm.deliver()
        warm.app.notifications.at_once.pace = Pace()
        await warm.call("list_inbox", citizen=CITIZEN)
        await register(warm, OTHER_CITIZEN)
        await warm.call(
            "update_profile", {"version": 0, "email": "a@example.org"}, citizen=OTHER_CITIZEN
        )
        await warm.call("request_email_validation", citizen=OTHER_CITIZEN)
        await warm.call("read_message", path={"id": id_}, citizen=CITIZEN)
        await warm.call("submit_message", a_message(), headers={"idempotency-key": "warm"})
        await warm.call("read_service_preference", path={"service_id": SERVICE_ID}, citizen=CITIZEN)
        await warm.deliver(
            content={"due_date": DUE_DATE, "payment_data": a_payment(notice_number="3" * 18)}
        )
        await update_payment(warm, RptId(f"{PAYEE}{'3' * 18}"))
        await warm.drain()
        # the emulator's queues come into being with their first item
        for queue in (
            REMINDER_DUE,
            EMAIL_REQUESTED,
            EMAIL_ADDRESS_CHANGED,
            SUBSCRIPTION_SWITCHED,
        ):
            await warm.queue.put(queue, "warm")
        # the client asks once for the places of each container's partitions
        await warm.call("read_subscriptions_feed", path={"date": "2026-11-01"})
        await warm.app.repositories.profiles.choices(CITIZEN, None)
        await clear(warm)
        await warm.call("read_reminder_policy", key=MANAGE_KEY)
        warm.mailer.sent.clear()
        await read_checkpoint(warm.app.repositories.schedule)
        warm.reset()
        yield warm
