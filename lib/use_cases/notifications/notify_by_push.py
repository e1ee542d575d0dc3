"""Announce a message on its citizen's phones."""

from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.push import PushNotification, PushSender
from lib.ports.send_errors import NotSentError
from lib.rendering.texts.notification import notification_text
from lib.use_cases.notifications.announcement import Announcement
from lib.use_cases.notifications.send_once import sent_by


class NotifyByPush:
    """Send an announcement to the citizen's devices. Cost: one call of the push service."""

    def __init__(self, push: PushSender | None, pseudonyms: RotatingPseudonyms) -> None:
        self._push = push
        self._pseudonyms = pseudonyms

    async def __call__(self, announcement: Announcement) -> DeliveryStatus:
        """Return the outcome; raise only NotSentError."""
        if self._push is None:
            raise NotSentError("no push service is set up")
        item = announcement.item
        text = notification_text(item.kind, item.language, announcement.about, full=item.full)
        notification = PushNotification(
            id=announcement.id,
            recipients=self._pseudonyms.all_of(item.fiscal_code),
            title=text.title,
            body=text.body,
            message_id=item.message_id,
            delegation_id=item.delegation_id,
        )
        return await sent_by("push", self._push.send(notification))
