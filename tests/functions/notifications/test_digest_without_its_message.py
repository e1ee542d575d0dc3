"""A digest is sent although the message that names it was withdrawn."""

import asyncio
from datetime import timedelta

import pytest

from functions.queues.notifications import send_digest, send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import NOTIFICATION_REQUESTED
from tests.builders.profiles import with_profile
from tests.functions.messages.withdrawal_calls import read, withdraw
from tests.functions.notifications.evenings import EVENING
from tests.stack import Stack, take

DAY = "2026-11-23"


async def held(stack: Stack, count: int) -> list[str]:
    """Deliver messages that wait for the digest, the oldest first."""
    await with_profile(stack, max_daily_notifications=0)
    ids = []
    for _ in range(count):
        ids.append(str(await stack.deliver()))
        stack.clock.advance(timedelta(seconds=1))
    return ids


async def asked(stack: Stack) -> str:
    """Fix the digest, and return the text of its notification, which waits in the queue."""
    stack.push.sent.clear()
    stack.clock.moment = EVENING
    item = DigestDue(fiscal_code=CITIZEN, day=DAY).text()
    await send_digest.consume(stack.app, item, last=False)
    (waiting,) = await take(stack.queue, NOTIFICATION_REQUESTED)
    await stack.queue.delete(NOTIFICATION_REQUESTED, waiting)
    return waiting.text


async def shown(stack: Stack, text: str, times: int = 1) -> list[tuple[str, str]]:
    """Send the digest; return the title of each push, and the message that it opens."""
    await asyncio.gather(
        *(send_notification.consume(stack.app, text, last=False) for _ in range(times))
    )
    return [(push.title, push.message_id) for push in stack.push.sent]


@pytest.mark.parametrize("is_read", [True, False])
async def test_the_digest_opens_the_next_message(stack: Stack, *, is_read: bool) -> None:
    """The newest message was withdrawn while the digest waited in its queue."""
    ids = await held(stack, 3)
    text = await asked(stack)
    if is_read:
        await read(stack, ids[2])

    assert (await withdraw(stack, ids[2])).status == 200

    assert await shown(stack, text, times=2) == [("Hai 2 nuovi messaggi", ids[1])]


async def test_a_digest_of_withdrawn_messages_is_not_sent(stack: Stack) -> None:
    """Nothing is left to tell."""
    ids = await held(stack, 2)
    text = await asked(stack)

    for id_ in ids:
        await withdraw(stack, id_)

    assert await shown(stack, text) == []


async def test_a_withdrawal_after_the_send_brings_no_second_digest(stack: Stack) -> None:
    """The item comes again after the send, and the digest itself is asked for again."""
    ids = await held(stack, 2)
    text = await asked(stack)
    sent = await shown(stack, text)
    await withdraw(stack, ids[1])

    again = await asked(stack)
    assert await shown(stack, text) + await shown(stack, again) == []
    assert sent == [("Hai 2 nuovi messaggi", ids[1])]


async def test_a_withdrawal_between_two_runs_brings_no_second_digest(stack: Stack) -> None:
    """The run that fixes the digest dies after its put, and asks again after the withdrawal."""
    ids = await held(stack, 3)
    first = await asked(stack)
    await withdraw(stack, ids[2])
    second = await asked(stack)

    await send_notification.consume(stack.app, first, last=False)
    assert await shown(stack, second) == [("Hai 2 nuovi messaggi", ids[1])]
