"""A claim on a notification has one owner, and its state stays true."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.notifications.delivery import Claim, Delivery, DeliveryStatus, SubjectId
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import PreconditionFailedError, UnavailableError
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.repositories.notifications.notifications import Notifications
from tests.stack import Stack
from tests.stored import delivery_status

DAY = "2026-11-24"
PUSH = Delivery(CITIZEN, SubjectId("message-1"), "MESSAGE", "PUSH", ServiceId("a-service"), DAY)
AT = "2026-11-24T12:00:00.000Z"
LATER = "2026-11-24T12:00:01.000Z"


@pytest.fixture
def notifications(stack: Stack) -> Notifications:
    """Give the claims of the stack."""
    return Notifications(stack.store)


async def claimed(
    notifications: Notifications, claimant: str, unsent: tuple[str, ...] = ()
) -> Claim:
    """Claim the push, and return the claim on it."""
    return await notifications.claim(
        PUSH, DeliveryStatus.SENT, AT, claimant=claimant, unsent=unsent
    )


async def test_a_claim_that_expired_while_it_was_contested_is_nobodys(
    stack: Stack, notifications: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that expired between read and write is not taken: the item comes again."""
    await claimed(notifications, "a")
    await notifications.release(PUSH, AT, claimant="a")

    async def overtaken(*_: Any, **__: Any) -> None:
        await stack.store.delete(NOTIFICATIONS, CITIZEN, PUSH.id)
        raise PreconditionFailedError("notifications: the ETag is stale")

    monkeypatch.setattr(stack.store, "patch", overtaken)

    with pytest.raises(UnavailableError):
        await claimed(notifications, "b")
    assert await delivery_status(stack, "message-1") is None


async def test_a_claim_tells_what_it_is_about(notifications: Notifications) -> None:
    """A claim of the day has the message, the service, the channel and the times."""
    await claimed(notifications, "a")

    (claim,) = await notifications.of_day(CITIZEN, DAY)
    assert claim == await notifications.find(PUSH)
    assert (claim.delivery, claim.status, claim.claimant, claim.at) == (PUSH, "SENT", "a", AT)
    assert await notifications.of_day(CITIZEN, "2026-11-25") == []
    assert CITIZEN not in repr(claim)


async def test_a_claim_is_taken_over_from_those_that_have_not_sent(
    notifications: Notifications,
) -> None:
    """A released claim is free, and so is one of a run that certainly has not sent."""
    await claimed(notifications, "a")
    assert (await claimed(notifications, "b")).claimant == "a"
    assert (await claimed(notifications, "c", ("a",))).claimant == "c"
    await notifications.release(PUSH, LATER, claimant="a")
    assert (await claimed(notifications, "d")).claimant == "c"
    await notifications.release(PUSH, LATER, claimant="c")
    taken = await claimed(notifications, "e")

    assert (taken.claimant, taken.is_left, taken.at) == ("e", True, AT)
    await notifications.settle(PUSH, DeliveryStatus.FAILED, LATER)
    assert (await claimed(notifications, "f", ("e",))).claimant == "e"


async def test_an_outcome_of_the_run_itself_comes_first(notifications: Notifications) -> None:
    """What another run concludes replaces no outcome that the run with the claim has stored."""
    left = await claimed(notifications, "a")
    await notifications.settle(PUSH, DeliveryStatus.FAILED, LATER)

    await notifications.settle_left(left, DeliveryStatus.UNCONFIRMED, LATER)

    found = await notifications.find(PUSH)
    assert found is not None
    assert (found.status, found.is_left, found.at) == ("FAILED", False, LATER)
