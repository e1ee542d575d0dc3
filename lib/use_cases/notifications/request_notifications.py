"""Request the notifications that announce a message to its citizen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.profiles.choices import Decision, Profile
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.notifications import (
    NotificationChannel,
    NotificationKind,
    NotificationRequested,
)
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED
from lib.use_cases.shared.put_back import put_back

_QUEUES: Final[Mapping[NotificationChannel, str]] = {
    "PUSH": NOTIFICATION_REQUESTED,
    "EMAIL": EMAIL_REQUESTED,
}


class RequestNotifications:
    """Queue notifications, each in the queue of its channel.

    Cost: one put for each notification.
    Concurrency: a notification that is requested twice is sent once.
    """

    def __init__(
        self, queue: Queue, clock: Clock, channels: frozenset[NotificationChannel]
    ) -> None:
        self._queue = queue
        self._clock = clock
        self._channels = channels

    def reachable(self, message: Message, decision: Decision) -> tuple[NotificationChannel, ...]:
        """Return the channels that are set up and that the message may use."""
        open_: dict[NotificationChannel, bool] = {
            "PUSH": decision.push,
            "EMAIL": decision.email and not message.is_secure,
        }
        return tuple(name for name, is_open in open_.items() if is_open and name in self._channels)

    def set_up(self, message: Message) -> tuple[NotificationChannel, ...]:
        """Return the channels that are set up and that the message may use, whoever reads it."""
        return self.reachable(message, Decision(None, push=True, email=True))

    async def later(self, request: NotificationRequested) -> None:
        """Queue a notification that an outage stopped, as a queue function puts its item back."""
        await put_back(self._queue, _QUEUES[request.channel], request, self._clock.now())

    async def __call__(self, requests: Iterable[NotificationRequested]) -> None:
        """Queue notifications of `notifications_of`, or notifications that have to wait."""
        for request in requests:
            stamped = telemetry.stamped(request, self._clock.now())
            await self._queue.put(_QUEUES[request.channel], stamped.text())


def notifications_of(
    message: Message,
    profile: Profile,
    channels: Sequence[NotificationChannel],
    kind: NotificationKind,
    step: str = "",
    day: str = "",
    until: datetime | None = None,
    count: int = 1,
    *,
    is_repeated: bool = False,
) -> Iterator[NotificationRequested]:
    """Make one notification for each channel; none of them is sent after `until`.

    `day` and `is_repeated`: as in NotificationRequested.
    """
    full = profile.push_notifications_content_type == "FULL" and not message.is_secure
    for channel in channels:
        yield NotificationRequested(
            fiscal_code=message.fiscal_code,
            message_id=message.id,
            kind=kind,
            channel=channel,
            step=step,
            day=day,
            is_repeated=is_repeated,
            full=full,
            language=profile.language,
            until=None if until is None else until.timestamp(),
            count=count,
            at_most=profile.at_most,
        )
