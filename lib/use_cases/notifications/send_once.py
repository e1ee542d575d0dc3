"""Send a notification or an e-mail at most once, also if it is requested several times."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

from ulid import ULID

from lib import telemetry
from lib.domain.notifications.delivery import Claim, Delivery, DeliveryStatus
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.item import Sending
from lib.ports.queueing.retry_later import RetryLaterError
from lib.ports.send_errors import NotSentError
from lib.repositories.notifications.former_claims import FormerClaims
from lib.repositories.notifications.notifications import Notifications

SENDING: Final = timedelta(minutes=15)
"""Longer than a send takes: the process of an older claim in progress has ended."""


class Holds(Protocol):
    """Tells whether the daily limit holds the notification of a claim."""

    async def __call__(self, claim: Claim, *, is_new: bool) -> bool:
        """See ApplyDailyLimit. Raise UnavailableError."""
        ...


class SendOnce:
    """Claim a delivery, send it, and record the outcome unless the claim already tells it.

    Cost: one create, and one patch for an outcome that the claim does not tell.
    Concurrency: one send for each claim. A run that died leaves its claim as it was, which blocks a
    second send; the next run of its item records what is known.
    """

    def __init__(self, notifications: Notifications, former: FormerClaims, clock: Clock) -> None:
        self._notifications = notifications
        self._former = former
        self._clock = clock
        self._locks = WeakValueDictionary[str, asyncio.Lock]()

    async def __call__(
        self,
        item: Sending,
        delivery: Delivery,
        send: Callable[[], Awaitable[DeliveryStatus]],
        *,
        first: DeliveryStatus = DeliveryStatus.IN_PROGRESS,
        holds: Holds | None = None,
    ) -> DeliveryStatus | None:
        """Return the outcome, None where another attempt has the claim.

        `first`: the status of the claim. If it is the outcome, it is not written again; if it is
        neither IN_PROGRESS nor SENT, nothing is sent. `holds`: asked after the claim.
        Raise RetryLaterError where the notification was certainly not sent and may still be sent,
        and where the outcome could not be stored.
        """
        if item.outcome is not None:
            return await self._settled(item, delivery, item.outcome)
        now = self._clock.now()
        at, claimant = timestamp(now), str(ULID.from_datetime(now))
        try:
            async with self._turn(delivery.recipient, holds):
                claim = await self._notifications.claim(
                    delivery, first, at, claimant=claimant, unsent=item.unsent
                )
                if claim.claimant != claimant:
                    await self._look_after(item, claim, holds)
                    return None
                if item.is_repeated and await self._is_former(item, delivery):
                    return None
                is_held = holds is not None and await holds(claim, is_new=True)
            status = DeliveryStatus.HELD if is_held else first
            if status in {DeliveryStatus.IN_PROGRESS, DeliveryStatus.SENT}:
                status = await send()
        except Exception as error:
            # The next attempt needs one of two: a released claim, or an item that names this
            # claimant. A claim that timed out may have been stored. `send` raises only where it
            # has not sent.
            with contextlib.suppress(UnavailableError):
                await self._notifications.release(delivery, at, claimant=claimant)
            if not isinstance(error, UnavailableError):
                raise
            unsent = (*item.unsent, claimant)
            raise RetryLaterError(item.model_copy(update={"unsent": unsent})) from error
        return status if status is first else await self._settled(item, delivery, status)

    async def is_open(self, delivery: Delivery) -> bool:
        """Tell whether another attempt may still send this delivery, or is sending it."""
        claim = await self._notifications.find(delivery)
        if claim is None:
            return False
        is_sending = claim.is_left and claim.claimed_at >= timestamp(self._clock.now() - SENDING)
        return is_sending or claim.status is DeliveryStatus.RELEASED

    @contextlib.asynccontextmanager
    async def _turn(self, recipient: str, holds: Holds | None) -> AsyncIterator[None]:
        """Wait for the other notifications of the recipient that are being counted.

        Two claims that see each other both count. With the lock, only claims of other processes
        may see each other.
        """
        if holds is None:
            yield
            return
        async with self._locks.setdefault(recipient, asyncio.Lock()):
            yield

    async def _is_former(self, item: Sending, delivery: Delivery) -> bool:
        """Tell whether the release 2026.11.0 has sent the delivery, and record its outcome."""
        former = await self._former.find(delivery)
        if former is None or former.is_unsent(item.unsent):
            return False
        await self._notifications.settle(delivery, former.status, former.at)
        return True

    async def _look_after(self, item: Sending, claim: Claim, holds: Holds | None) -> None:
        """Record what is known of another attempt's claim, if that attempt may have died.

        A copy of an item that was never run before leaves the claim to the attempt that has it:
        that attempt goes on, or its own item comes again.
        """
        if not item.is_repeated or not claim.is_left:
            return
        at = timestamp(self._clock.now())
        if holds is not None and await holds(claim, is_new=False):
            await self._notifications.settle_left(claim, DeliveryStatus.HELD, at)
        elif claim.status is DeliveryStatus.SENT:
            await self._notifications.settle_left(claim, DeliveryStatus.UNCONFIRMED, at)

    async def _settled(
        self, item: Sending, delivery: Delivery, status: DeliveryStatus
    ) -> DeliveryStatus:
        """Store the outcome and return it; where that fails, the next attempt stores it."""
        try:
            await self._notifications.settle(delivery, status, timestamp(self._clock.now()))
        except UnavailableError as error:
            raise RetryLaterError(item.model_copy(update={"outcome": status})) from error
        return status


async def sent_by(service: str, sending: Awaitable[None]) -> DeliveryStatus:
    """Await the sending and return its outcome; raise only NotSentError."""
    try:
        with telemetry.call(service):
            await sending
    except NotSentError:
        raise
    except UnavailableError:
        return DeliveryStatus.UNCONFIRMED
    except Exception as error:  # noqa: BLE001 - recorded as the outcome, without another attempt
        telemetry.report(error, service)
        return DeliveryStatus.FAILED
    return DeliveryStatus.SENT
