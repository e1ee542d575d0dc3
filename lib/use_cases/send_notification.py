"""Send one push notification, once."""

import contextlib
from datetime import datetime, timedelta

from ulid import ULID

from lib import telemetry
from lib.domain.errors import MessageNotFoundError
from lib.domain.events import NotificationRequested
from lib.domain.pseudonym import Pseudonyms
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import UnavailableError
from lib.ports.push import NotSentError, PushNotification, PushSender
from lib.repositories.deliveries import Deliveries, DeliveryStatus
from lib.repositories.messages import Messages
from lib.use_cases.again import AgainError

ANONYMOUS_TITLE = "Hai un nuovo messaggio"
ANONYMOUS_BODY = "Entra nell'app per leggerlo"


class SendNotification:
    """Claim, send, settle. Who dies while sending leaves the claim: never two for one claim."""

    def __init__(
        self, store: DocumentStore, push: PushSender | None, clock: Clock, pseudonyms: Pseudonyms
    ) -> None:
        self._messages = Messages(store)
        self._deliveries = Deliveries(store)
        self._push = push
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(self, item: NotificationRequested) -> None:
        """Raise AgainError while the notification certainly did not go out and still may."""
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return
        now = self._clock.now()
        claim = (
            item.message_id,
            f"{item.kind}-{item.step}" if item.step else item.kind,
            item.channel,
        )
        at, claimant = timestamp(now), str(ULID.from_datetime(now))
        try:
            if not await self._deliveries.claim(*claim, at, claimant=claimant, unsent=item.unsent):
                return
            status = await self._send(item, message)
        except UnavailableError as error:
            # Either of the two is enough for the next attempt: the claim given back, or the item
            # that knows it. A claim that timed out may have been made.
            with contextlib.suppress(UnavailableError):
                await self._deliveries.release(*claim, at, claimant=claimant)
            unsent = (*item.unsent, claimant)
            raise AgainError(item.model_copy(update={"unsent": unsent})) from error
        telemetry.notification_ended(item.kind, item.channel, status, item.message_id)
        # An outage here leaves the claim IN_PROGRESS, which forbids a second push all the same.
        with contextlib.suppress(UnavailableError):
            await self._deliveries.settle(*claim, status, timestamp(self._clock.now()))

    async def _send(self, item: NotificationRequested, message: Document) -> DeliveryStatus:
        """Return what became of it; raise NotSentError alone."""
        lifetime = timedelta(seconds=message["time_to_live"])
        if (
            item.kind == "MESSAGE"
            and self._clock.now() - datetime.fromisoformat(message["created_at"]) > lifetime
        ):
            return DeliveryStatus.EXPIRED
        if self._push is None:
            raise NotSentError("no push service is set up")
        try:
            with telemetry.call("push"):
                await self._push.send(self._notification(item, message))
        except NotSentError:
            raise
        except UnavailableError:
            return DeliveryStatus.UNCONFIRMED
        except Exception as error:  # noqa: BLE001 - recorded here, and never tried again
            telemetry.report(error, "push")
            return DeliveryStatus.FAILED
        return DeliveryStatus.SENT

    def _notification(self, item: NotificationRequested, message: Document) -> PushNotification:
        return PushNotification(
            id=f"{item.message_id}-{item.kind}-{item.step}-{item.channel}",
            recipient=self._pseudonyms.of(item.fiscal_code),
            title=message["organization_name"] if item.full else ANONYMOUS_TITLE,
            body=message["message_title"] if item.full else ANONYMOUS_BODY,
            message_id=item.message_id,
        )
