"""Helpers of the tests of e-mails."""

from typing import Any

from functions.queues.notifications import send_email, send_notification
from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.ports.queueing.items.notifications import NotificationRequested
from tests.stack import Stack
from tests.stored import delivery_status


async def status(stack: Stack, message_id: str, claim: str = "MESSAGE-EMAIL") -> str | None:
    """Return the status of the e-mail, None where nothing has claimed it."""
    return await delivery_status(stack, message_id, claim, EMAIL_CITIZEN)


async def ask(stack: Stack, message_id: str, **changes: Any) -> None:
    """Run the queue item of a notification."""
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
    """Deliver a message to EMAIL_CITIZEN, and clear the push and the e-mail for it."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, **changes)
    stack.push.sent.clear()
    stack.mailer.sent.clear()
    return id_
