"""A claim on a delivery may expire while it is contested."""

from typing import Any

import pytest

from lib.domain.notifications.delivery import Delivery, SubjectId
from lib.ports.errors import PreconditionFailedError
from lib.ports.schema import DELIVERIES
from lib.repositories.notifications.deliveries import Deliveries
from tests.stack import Stack
from tests.stored import delivery_status

CLAIM = Delivery(SubjectId("message-1"), "MESSAGE", "PUSH")
AT = "2026-11-24T12:00:00.000Z"


async def test_a_claim_that_expired_while_it_was_contested_is_nobodys(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that expired between read and write is not taken, and nothing is sent."""
    deliveries = Deliveries(stack.store)
    assert await deliveries.claim(CLAIM, AT, claimant="a")
    await deliveries.release(CLAIM, AT, claimant="a")

    async def overtaken(*_: Any, **__: Any) -> None:
        await stack.store.delete(DELIVERIES, "message-1", "MESSAGE-PUSH")
        raise PreconditionFailedError("deliveries: the ETag is stale")

    monkeypatch.setattr(stack.store, "patch", overtaken)

    assert not await deliveries.claim(CLAIM, AT, claimant="b")
    assert await delivery_status(stack, "message-1") is None
