"""Claims as the release 2026.11.0 stored them."""

from lib.ports.schema.notifications import DELIVERIES
from tests.stack import Stack


async def with_former_claim(
    stack: Stack, message_id: str, status: str, at: str, claim: str = "MESSAGE-PUSH"
) -> None:
    """Store a claim of that release on a notification of the message."""
    document = {
        "id": claim,
        "message_id": message_id,
        "status": status,
        "claimed_at": at,
        "claimed_by": "a",
    }
    await stack.store.create(DELIVERIES, document)
