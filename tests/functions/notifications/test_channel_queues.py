"""Each channel has a queue of its own, in which notifications wait for its service."""

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from functions.declared import CONSUMERS
from functions.queues.contract import Consumer
from functions.queues.notifications import send_email, send_notification
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.domain.shared.identifiers import MessageId
from lib.ports.queueing.items.notifications import NotificationChannel, NotificationRequested
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED
from lib.use_cases.shared import breaker
from tests.builders.messages import submitted
from tests.builders.profiles import with_profile
from tests.functions.notifications.hanging import SOON, Hanging, run, within
from tests.stack import Stack, take
from tests.stored import delivery_status

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("service", "channel", "consumer", "queue"),
    [
        ("mailer", "EMAIL", send_email, EMAIL_REQUESTED),
        ("push", "PUSH", send_notification, NOTIFICATION_REQUESTED),
    ],
)
async def test_a_service_that_hangs_is_asked_by_few(
    tmp_path: Path, service: str, channel: str, consumer: Consumer[Any], queue: str
) -> None:
    """After the first time-outs the other notifications wait in their queue, unclaimed."""
    hanging = Hanging()
    override: dict[str, Any] = {service: hanging}
    stack = await Stack(tmp_path, **override).start()
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=50)
    for _ in range(9):
        id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
        await stack.app.messages.fan_out(submitted(id_, EMAIL_CITIZEN))
    first = await take(stack.queue, queue)
    texts = [NotificationRequested.model_validate_json(one.text) for one in first]
    await run(stack, consumer, texts[: breaker.FAILURES])

    with within(SOON):
        await run(stack, consumer, texts[breaker.FAILURES :])

    assert hanging.asked == breaker.FAILURES
    for one in texts[breaker.FAILURES :]:
        claim = f"MESSAGE-{channel}"
        status = await delivery_status(stack, one.message_id, claim, EMAIL_CITIZEN)
        assert status == "RELEASED"
    await stack.app.close()


async def test_each_channel_has_a_queue_of_its_own(stack: Stack) -> None:
    """Each notification goes to the queue of its channel, so that no channel waits for another."""
    channels = get_args(NotificationChannel)
    await stack.app.notifications.request(
        NotificationRequested(
            fiscal_code=CITIZEN, message_id=MessageId("M"), kind="MESSAGE", channel=channel
        )
        for channel in channels
    )

    queued = [
        [NotificationRequested.model_validate_json(item.text).channel for item in items]
        for items in [await take(stack.queue, consumer.queue) for consumer in CONSUMERS]
    ]

    assert sorted(one for one in queued if one) == sorted([channel] for channel in channels)


async def test_an_e_mail_of_an_older_version_moves_to_its_queue(stack: Stack) -> None:
    """An e-mail that an older version put into the queue of pushes moves to its own queue."""
    id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
    await stack.app.messages.fan_out(submitted(id_, EMAIL_CITIZEN))
    (item,) = await take(stack.queue, EMAIL_REQUESTED)
    await stack.queue.delete(EMAIL_REQUESTED, item)

    await send_notification.consume(stack.app, item.text, last=False)

    assert not stack.mailer.sent
    (moved,) = await take(stack.queue, EMAIL_REQUESTED)
    assert moved.text == item.text


async def test_items_of_an_outage_come_back_spread_over_time(tmp_path: Path) -> None:
    """Items come back between three quarters of the delay and all of it."""
    stack = await Stack(tmp_path, push=Hanging()).start()
    id_ = await stack.submit()
    items = [
        NotificationRequested(
            fiscal_code=CITIZEN,
            message_id=id_,
            kind="MESSAGE",
            channel="PUSH",
            step=str(number),
            attempt=40,
            first_seen=stack.clock.moment.timestamp(),
        )
        for number in range(40)
    ]
    await run(stack, send_notification, items)
    seen = []
    for _ in range(13):
        stack.clock.advance(timedelta(seconds=50))
        seen.append(0)
        while taken := await take(stack.queue, NOTIFICATION_REQUESTED):
            seen[-1] += len(taken)
            for item in taken:
                await stack.queue.delete(NOTIFICATION_REQUESTED, item)

    assert sum(seen[:8]) == 0
    assert sum(seen[:12]) == len(items)
    assert max(seen) < len(items)
    await stack.app.close()
