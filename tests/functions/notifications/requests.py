"""Helpers of the tests of notifications."""

from typing import Any

from functions.queues.notifications import send_email, send_notification
from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.ports.queueing.items import NotificationRequested
from tests.stack import Stack
from tests.stored import delivery_status

ADDRESS = "emails@example.org"


async def status(stack: Stack, message_id: str, claim: str = "MESSAGE-EMAIL") -> str | None:
    """Return what became of the e-mail, None where nobody has claimed it."""
    return await delivery_status(stack, message_id, claim)


async def ask(stack: Stack, message_id: str, **changes: Any) -> None:
    """Run a request for a notification."""
    item = NotificationRequested.model_validate(
        {
            "fiscal_code": EMAIL_CITIZEN,
            "message_id": message_id,
            "kind": "MESSAGE",
            "channel": "EMAIL",
            "full": True,
            **changes,
        }
    )
    consumer = send_email if item.channel == "EMAIL" else send_notification
    await consumer.consume(stack.app, item.text(), last=False)


async def delivered(stack: Stack, **changes: Any) -> str:
    """Deliver a message to the citizen with an address and forget what announced it."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, **changes)
    stack.push.sent.clear()
    stack.mailer.sent.clear()
    return id_
