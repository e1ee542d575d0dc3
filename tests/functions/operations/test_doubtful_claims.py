"""Operators see the claims of which nobody knows whether they were sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SENDER_KEY
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.repositories.notifications.notifications import Notifications
from tests.builders.former_claims import with_former_claim
from tests.doubles.channels import KeptPush
from tests.stack import Stack


def unread(id_: str) -> Delivery:
    """Return the push about an unread message."""
    return Delivery(CITIZEN, SubjectId(id_), "UNREAD", "PUSH")


async def test_claims_in_doubt_are_listed(tmp_path: Path) -> None:
    """Operators see claims that are UNCONFIRMED, or IN_PROGRESS for too long."""
    push = KeptPush(failure=UnavailableError("no answer"))
    stack = await Stack(tmp_path, push=push).start()
    unknown = await stack.deliver()
    push.failure = None
    left, settled = await stack.deliver(), "01JDQ3V5T8W9X0Y1Z2A3B4C5D6"
    notifications = Notifications(stack.store)
    at = timestamp(stack.clock.moment)
    for id_ in (left, settled):
        await notifications.claim(unread(id_), DeliveryStatus.IN_PROGRESS, at, claimant="gone")

    async def listed(status: str, key: str = OPERATOR_KEY, **query: str) -> Any:
        query = {"status": status, **query}
        return await stack.call("list_doubtful_claims", query=query, key=key)

    await sweep.tick(stack.app)
    assert (await listed("IN_PROGRESS")).body["items"] == []
    stack.clock.advance(timedelta(minutes=20))
    for _ in range(2):
        await sweep.tick(stack.app)
    await notifications.settle(unread(settled), DeliveryStatus.SENT, at)

    (one,) = (await listed("UNCONFIRMED")).body["items"]
    assert (one["message_id"], one["claim"], one["claimed_at"]) == (unknown, "MESSAGE-PUSH", at)
    assert one["settled_at"] == at
    (one,) = (await listed("IN_PROGRESS")).body["items"]
    assert (one["message_id"], one["claim"], one["status"]) == (left, "UNREAD-PUSH", "IN_PROGRESS")
    first = (await listed("IN_PROGRESS", limit="1")).body
    after = (await listed("IN_PROGRESS", limit="1", continuation=first["next"])).body
    assert [*first["items"], *after["items"]] == [one]
    assert (await listed("IN_PROGRESS", key=SENDER_KEY)).status == 403
    assert (await listed("SENT")).status == 400
    await stack.app.close()


async def test_claims_of_the_release_before_are_listed(stack: Stack) -> None:
    """A claim that the release 2026.11.0 left is found for as long as it is stored."""
    id_ = "01JDQ3V5T8W9X0Y1Z2A3B4C5D6"
    await with_former_claim(stack, id_, "IN_PROGRESS", timestamp(stack.clock.moment))
    stack.clock.advance(timedelta(minutes=20))
    for _ in range(2):
        await sweep.tick(stack.app)

    query = {"status": "IN_PROGRESS"}
    reply = await stack.call("list_doubtful_claims", query=query, key=OPERATOR_KEY)

    (one,) = reply.body["items"]
    assert (one["message_id"], one["claim"]) == (id_, "MESSAGE-PUSH")


@pytest.mark.parametrize("continuation", ["nonsense", "W10="])
async def test_a_wrong_continuation_is_refused(stack: Stack, continuation: str) -> None:
    """A continuation that the app did not make gets 400."""
    reply = await stack.call(
        "list_doubtful_claims", query={"continuation": continuation}, key=OPERATOR_KEY
    )

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "#/query/continuation"
