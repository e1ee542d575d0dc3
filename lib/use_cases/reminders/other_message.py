"""Find out whether a newer message of the citizen reminds of the same payment."""

from datetime import datetime, timedelta
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import Profile
from lib.domain.profiles.preference import reminders_off
from lib.domain.shared.identifiers import MessageId
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles

MAX_MESSAGES_READ: Final = 5
"""The most newer messages that are read, the newest first."""
JUST_NOW: Final = timedelta(days=1)
"""A reminder of another message within this time makes this message's reminder needless."""


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
        """Tell whether another message takes over. `due`: the end of this message's due date.

        Only a message of the same service or of a payment notice can take over, since another
        service must not silence a sender. Such a message takes over if it will remind before this
        due date has passed, if it has just reminded, or if the citizen marked it as done.
        """
        ids = payment.newer_for(message.fiscal_code, message.sender.service_id, message.id)
        for id_ in ids[:MAX_MESSAGES_READ]:
            if await self._reminds(message, id_, profile, due):
                return True
        return False

    async def _reminds(
        self, message: Message, id_: MessageId, profile: Profile | None, due: datetime | None
    ) -> bool:
        try:
            other = await self._messages.get(message.fiscal_code, id_)
        except MessageNotFoundError:
            return False
        if not other.is_valid or other.is_archived:
            return False
        if not other.reminders.is_planned or other.due_date is None:
            return False
        since = self._clock.now() - JUST_NOW
        return other.reminds_itself(due, since) and await self._may(message, other, profile)

    async def _may(self, message: Message, other: Message, profile: Profile | None) -> bool:
        """Tell whether the other message is of the same service, or of a notice with reminders."""
        service_id = other.sender.service_id
        if service_id == message.sender.service_id:
            return True
        if not other.is_notice:
            return False
        chosen = await self._profiles.preference(message.fiscal_code, service_id)
        return not reminders_off(profile, chosen)
