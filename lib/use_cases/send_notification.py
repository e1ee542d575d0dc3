"""Send one push notification, once."""

from datetime import datetime, timedelta

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
        """Raise UnavailableError, with the claim released, when the push service is away."""
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return
        now = self._clock.now()
        claim = (item.message_id, item.kind, item.channel)
        if not await self._deliveries.claim(*claim, timestamp(now)):
            return
        status = DeliveryStatus.EXPIRED
        if now - datetime.fromisoformat(message["created_at"]) <= timedelta(
            seconds=message["time_to_live"]
        ):
            try:
                await self._push.send(self._notification(item, message))
            except UnavailableError:
                await self._deliveries.settle(*claim, DeliveryStatus.RELEASED, timestamp(now))
                raise
            status = DeliveryStatus.SENT
        await self._deliveries.settle(*claim, status, timestamp(self._clock.now()))

    def _notification(self, item: NotificationRequested, message: Document) -> PushNotification:
        return PushNotification(
            id=f"{item.message_id}-{item.kind}-{item.channel}",
            recipient=self._pseudonyms.of(item.fiscal_code),
            title=message["organization_name"] if item.full else ANONYMOUS_TITLE,
            body=message["message_title"] if item.full else ANONYMOUS_BODY,
            message_id=item.message_id,
        )
