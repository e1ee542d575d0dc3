"""The data with which a channel announces a message."""

from dataclasses import dataclass

from lib.domain.messages.message import Message
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.rendering.texts.notification import NotificationFacts


@dataclass(frozen=True, slots=True)
class Announcement:
    """A requested notification, with its message; `id` is the same on every attempt."""

    item: NotificationRequested
    id: str
    message: Message
    about: NotificationFacts
