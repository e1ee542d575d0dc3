"""Send a notification or an e-mail at most once, also if it is requested several times."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.notifications.delivery import Delivery, DeliveryStatus
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import Sending
from lib.ports.queueing.retry_later import RetryLaterError
from lib.ports.send_errors import NotSentError
from lib.repositories.notifications.deliveries import Deliveries

SENDING: Final = timedelta(minutes=15)
"""Longer than a send takes: the process of an older claim in progress has ended."""


class SendOnce:
    """Claim a delivery, send it, and record the outcome.

    Concurrency: one send for each claim. A crash while sending leaves the claim IN_PROGRESS, which
    blocks a second send.
    """

    def __init__(self, deliveries: Deliveries, clock: Clock) -> None:
        self._deliveries = deliveries
        self._clock = clock

    async def __call__(
        self, item: Sending, delivery: Delivery, send: Callable[[], Awaitable[DeliveryStatus]]
    ) -> DeliveryStatus | None:
        """Return the outcome, None where another attempt has the claim.

        Raise RetryLaterError where `send` raises UnavailableError: the notification was certainly
        not sent, and may still be sent.
        """
        now = self._clock.now()
        at, claimant = timestamp(now), str(ULID.from_datetime(now))
        try:
            if not await self._deliveries.claim(
                delivery, at, claimant=claimant, unsent=item.unsent
            ):
                return None
            status = await send()
        except UnavailableError as error:
            # The next attempt needs one of two: a released claim, or an item that names this
            # claimant. A claim that timed out may have been stored.
            with contextlib.suppress(UnavailableError):
                await self._deliveries.release(delivery, at, claimant=claimant)
            unsent = (*item.unsent, claimant)
            raise RetryLaterError(item.model_copy(update={"unsent": unsent})) from error
        # an outage here leaves the claim IN_PROGRESS, which also blocks a second send
        with contextlib.suppress(UnavailableError):
            await self._deliveries.settle(delivery, status, timestamp(self._clock.now()))
        return status

    async def is_open(self, delivery: Delivery) -> bool:
        """Tell whether another attempt may still send this delivery, or is sending it."""
        since = timestamp(self._clock.now() - SENDING)
        return await self._deliveries.is_open(delivery, since)


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
