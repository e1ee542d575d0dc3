"""Send a notification or an e-mail at most once, however often it is requested."""

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
"""More than a send takes: the process of a claim that is in progress for longer has ended."""


class SendOnce:
    """Claim a delivery, send it, and record the outcome.

    Concurrency: at most once per claim: a crash while sending leaves the claim IN_PROGRESS, which
    blocks a second send.
    """

    def __init__(self, deliveries: Deliveries, clock: Clock) -> None:
        self._deliveries = deliveries
        self._clock = clock

    async def __call__(
        self, item: Sending, delivery: Delivery, send: Callable[[], Awaitable[DeliveryStatus]]
    ) -> DeliveryStatus | None:
        """Return the outcome, None where another attempt has the claim.

        Raise RetryLaterError where `send` raises UnavailableError: the notification certainly did
        not go out, and still may.
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
            # One of the two is enough for the next attempt: the released claim, or the item that
            # names its claimant. A claim that timed out may have been made.
            with contextlib.suppress(UnavailableError):
                await self._deliveries.release(delivery, at, claimant=claimant)
            unsent = (*item.unsent, claimant)
            raise RetryLaterError(item.model_copy(update={"unsent": unsent})) from error
        # An outage here leaves the claim IN_PROGRESS, which blocks a second send as well.
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
    except Exception as error:  # noqa: BLE001 - recorded here, and never tried again
        telemetry.report(error, service)
        return DeliveryStatus.FAILED
    return DeliveryStatus.SENT
