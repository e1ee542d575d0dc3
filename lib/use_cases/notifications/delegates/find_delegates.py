"""Find the delegates who are told of a message, and request their notifications."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

from lib.domain.identity.acting import Told
from lib.domain.messages.message import Message
from lib.domain.profiles.choices import Profile
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.ports.queueing.items.notifications import NotificationKind, NotificationRequested
from lib.use_cases.notifications.request_notifications import RequestNotifications

type ToldOf = Callable[[FiscalCode, ServiceId], Awaitable[tuple[Told, ...]]]
"""Returns the delegates whom an owner lets be told of the messages of a service."""


class FindDelegates:
    """Find the delegates whom the owner of a message lets be told of it.

    Only that the owner gets the message counts of the owner's choices: a person in care may have no
    phone. The choices of each delegate are read when the notification is sent.
    Cost: none; for an owner whose delegates may be told one point read.
    """

    def __init__(self, told_of: ToldOf, request: RequestNotifications) -> None:
        self._told_of = told_of
        self._request = request

    async def __call__(self, message: Message, profile: Profile | None) -> tuple[Told, ...]:
        """Return the delegates. `profile`: that of the owner."""
        if profile is None or not profile.tells_delegates:
            return ()
        return await self._told_of(message.fiscal_code, message.sender.service_id)

    def notifications(
        self,
        message: Message,
        told: Sequence[Told],
        kind: NotificationKind,
        step: str = "",
        day: str = "",
        *,
        is_repeated: bool = False,
    ) -> Iterator[NotificationRequested]:
        """Make one notification for each delegate and channel.

        `step`, `day` and `is_repeated`: as in NotificationRequested.
        """
        for delegate, delegation_id in told:
            for channel in self._request.set_up(message):
                yield NotificationRequested(
                    fiscal_code=delegate,
                    message_id=message.id,
                    kind=kind,
                    channel=channel,
                    step=step,
                    day=day,
                    is_repeated=is_repeated,
                    delegation_id=delegation_id,
                )
