"""Send one push notification, once."""

import contextlib
from datetime import datetime, timedelta

from ulid import ULID

from lib.domain.errors import MessageNotFoundError
from lib.domain.events import NotificationRequested
from lib.domain.pseudonym import Pseudonyms
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import UnavailableError
from lib.ports.push import PushNotification, PushSender
from lib.repositories.deliveries import Deliveries, DeliveryStatus
from lib.repositories.messages import Messages
from lib.use_cases.again import AgainError

ANONYMOUS_TITLE = "Hai un nuovo messaggio"
ANONYMOUS_BODY = "Entra nell'app per leggerlo"


class SendNotification:
    """Claim, send, settle. Who dies while sending leaves the claim: never two for one claim."""

    def __init__(
        self, store: DocumentStore, push: PushSender, clock: Clock, pseudonyms: Pseudonyms
    ) -> None:
        self._messages = Messages(store)
        self._deliveries = Deliveries(store)
        self._push = push
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(self, item: NotificationRequested) -> None:
        """Raise AgainError when the store is away before the push, or the push service is."""
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return
        now = self._clock.now()
        claim = (item.message_id, item.kind, item.channel)
        at, claimant = timestamp(now), str(ULID.from_datetime(now))
        status = DeliveryStatus.EXPIRED
        try:
            if not await self._deliveries.claim(*claim, at, claimant=claimant, unsent=item.unsent):
                return
            if now - datetime.fromisoformat(message["created_at"]) <= timedelta(
                seconds=message["time_to_live"]
            ):
                await self._push.send(self._notification(item, message))
                status = DeliveryStatus.SENT
        except UnavailableError as error:
            # Either of the two is enough for the next attempt: the claim given back, or the item
            # that knows it. A claim that timed out may have been made.
            with contextlib.suppress(UnavailableError):
                await self._deliveries.release(*claim, at, claimant=claimant)
            unsent = (*item.unsent, claimant)
            raise AgainError(item.model_copy(update={"unsent": unsent})) from error
        await self._deliveries.settle(*claim, status, timestamp(self._clock.now()))

    def _notification(self, item: NotificationRequested, message: Document) -> PushNotification:
        return PushNotification(
            id=f"{item.message_id}-{item.kind}-{item.channel}",
            recipient=self._pseudonyms.of(item.fiscal_code),
            title=message["organization_name"] if item.full else ANONYMOUS_TITLE,
            body=message["message_title"] if item.full else ANONYMOUS_BODY,
            message_id=item.message_id,
        )
