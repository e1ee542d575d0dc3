"""Notify a citizen of a new message, and the delegates whom the citizen lets be told."""

from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import day_of
from lib.domain.profiles.choices import Decision, Profile
from lib.domain.shared.values import parse_timestamp
from lib.use_cases.notifications.delegates.find_delegates import FindDelegates
from lib.use_cases.notifications.notify_at_once import NotifyAtOnce
from lib.use_cases.notifications.request_notifications import RequestNotifications, notifications_of


class AnnounceMessage:
    """Send or queue the notifications of a message that has just reached its inbox.

    Cost: that of FindDelegates and NotifyAtOnce.
    Concurrency: that of NotifyAtOnce.
    """

    def __init__(
        self, request: RequestNotifications, delegates: FindDelegates, notify: NotifyAtOnce
    ) -> None:
        self._request = request
        self._delegates = delegates
        self._notify = notify

    async def __call__(
        self, message: Message, decision: Decision, profile: Profile | None, *, is_repeated: bool
    ) -> None:
        """Announce the message, unless it did not reach the inbox. Raise UnavailableError.

        `decision`: about the citizen's own channels. `is_repeated`: as in NotificationRequested.
        """
        if profile is None or not message.is_valid:
            return
        day = day_of(parse_timestamp(message.settled_at))
        own = notifications_of(
            message,
            profile,
            self._request.reachable(message, decision),
            kind="MESSAGE",
            day=day,
            is_repeated=is_repeated,
        )
        of_delegates = self._delegates.notifications(
            message,
            await self._delegates(message, profile),
            kind="MESSAGE",
            day=day,
            is_repeated=is_repeated,
        )
        await self._notify((*own, *of_delegates), message)
