"""Each e-mail is sent once, and its outcome is recorded."""

import asyncio
from datetime import timedelta

import pytest

from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.ports.send_errors import RefusedError
from tests.builders.altered import with_message
from tests.builders.profiles import ADDRESS
from tests.functions.notifications.email_calls import ask, delivered, status
from tests.stack import Stack


async def test_many_requests_for_one_email_send_one(stack: Stack) -> None:
    """Repeated requests at once send one e-mail."""
    id_ = await delivered(stack)
    await stack.store.delete(NOTIFICATIONS, EMAIL_CITIZEN, f"{id_}-MESSAGE-EMAIL")

    await asyncio.gather(*(ask(stack, id_) for _ in range(50)))

    assert len(stack.mailer.sent) == 1


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (UnavailableError("timed out"), "UNCONFIRMED"),
        (RefusedError("no such address"), "FAILED"),
        (ValueError(ADDRESS), "FAILED"),
    ],
)
async def test_a_failed_email_is_recorded_and_not_repeated(
    stack: Stack, caplog: pytest.LogCaptureFixture, failure: Exception, expected: str
) -> None:
    """The push is not affected, and no log names the address."""
    stack.mailer.failure = failure
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None

    await ask(stack, id_)

    assert not stack.mailer.sent
    assert await status(stack, id_) == expected
    assert await status(stack, id_, "MESSAGE-PUSH") == "SENT"
    assert ADDRESS not in caplog.text


async def test_a_message_that_is_seen_late_is_announced_late(stack: Stack) -> None:
    """A message that a lagging replica shows as ACCEPTED is announced later."""
    id_ = await delivered(stack)
    await with_message(stack, id_, EMAIL_CITIZEN, status="ACCEPTED")
    await ask(stack, id_, step="s")
    assert await status(stack, id_, "MESSAGE-s-EMAIL") is None

    await with_message(stack, id_, EMAIL_CITIZEN, status="PROCESSED")
    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    assert await status(stack, id_, "MESSAGE-s-EMAIL") == "SENT"
