"""Find out whether a newer message of the citizen reminds of the same payment instead."""

from datetime import datetime, timedelta
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import Profile
from lib.domain.profiles.preference import reminders_off
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles

MAX_MESSAGES_READ: Final = 5
"""Newer messages that are looked at, the newest first."""
JUST_NOW: Final = timedelta(days=1)
"""A reminder that another message sent so long ago stands for this one's too."""


class OtherMessage:
    """Find out whether another message reminds the citizen of the same payment.

    Cost: one point read for each newer message that may do so, at most
    MAX_MESSAGES_READ; usually none.
    """

    def __init__(self, messages: Messages, profiles: Profiles, clock: Clock) -> None:
        self._messages = messages
        self._profiles = profiles
        self._clock = clock

    async def __call__(
        self, message: Message, payment: Payment, profile: Profile | None, due: datetime | None
    ) -> bool:
        """Tell whether another message takes over; `due`: the end of this message's due date.

        Only a message of the same service, or the payment notice's own, takes over: another service
        must not silence a sender. It takes over where it reminds before this due date has passed,
        where it did so a moment ago, or where the citizen marked it as done.
        """
        ids = payment.newer_for(message.fiscal_code, message.sender.service_id, message.id)
        for id_ in ids[:MAX_MESSAGES_READ]:
            if await self._reminds(message, id_, profile, due):
                return True
        return False

    async def _reminds(
        self, message: Message, id_: str, profile: Profile | None, due: datetime | None
    ) -> bool:
        try:
            other = await self._messages.get(message.fiscal_code, id_)
        except MessageNotFoundError:
            return False
        if not other.is_in_inbox or other.is_archived:
            return False
        if not other.reminders.is_planned or other.due_date is None:
            return False
        since = self._clock.now() - JUST_NOW
        return other.reminds_itself(due, since) and await self._may(message, other, profile)

    async def _may(self, message: Message, other: Message, profile: Profile | None) -> bool:
        """Tell whether the message is of the same service, or of a notice that is reminded of."""
        service_id = other.sender.service_id
        if service_id == message.sender.service_id:
            return True
        if not other.is_notice:
            return False
        chosen = await self._profiles.preference(message.fiscal_code, service_id)
        return not reminders_off(profile, chosen)
