"""Count the messages of organisations on trial, and refuse those above the cap of a day."""

import math
from datetime import datetime, timedelta
from typing import Final

from lib.domain.organizations.errors import TrialCapError
from lib.domain.services.service import Sender
from lib.domain.shared.deadline import ROME
from lib.ports.clock import Clock
from lib.repositories.organizations.organization_days import OrganizationDays

MESSAGES: Final = "messages"


class CountTrial:
    """Count a message that is about to be sent.

    Cost: none for a sender that is not on trial, else one patch.
    Concurrency: a call that dies after the count has used one message of the day.
    """

    def __init__(self, days: OrganizationDays, clock: Clock, *, cap: int) -> None:
        self._days = days
        self._clock = clock
        self.cap = cap

    async def __call__(self, sender: Sender) -> None:
        """Count one message. Raise TrialCapError."""
        if not sender.is_on_trial:
            return
        organization = sender.service.organization_fiscal_code
        now = self._clock.now()
        if not await self._days.add(organization, MESSAGES, day_of(now), cap=self.cap):
            raise TrialCapError(self.cap, seconds_left(now))

    async def left(self, sender: Sender) -> int | None:
        """Return the messages that are left today; None for a sender that is not on trial.

        Nothing is counted. Raise TrialCapError where none is left. Cost: one point read for a
        sender on trial.
        """
        now = self._clock.now()
        left = await self.room(sender, now)
        if left is not None and left < 1:
            raise TrialCapError(self.cap, seconds_left(now))
        return left

    async def room(self, sender: Sender, at: datetime) -> int | None:
        """Return the messages that are left on the day of `at`; None for a sender not on trial.

        Cost: one point read for a sender on trial.
        """
        if not sender.is_on_trial:
            return None
        organization = sender.service.organization_fiscal_code
        return max(0, self.cap - await self._days.count(organization, MESSAGES, day_of(at)))


def day_of(now: datetime) -> str:
    """Return the day in Italy, as `2027-06-30`."""
    return now.astimezone(ROME).date().isoformat()


def seconds_left(moment: datetime) -> int:
    """Return the seconds until the next day in Italy."""
    now = moment.astimezone(ROME)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), ROME)
    return max(1, math.ceil(tomorrow.timestamp() - now.timestamp()))
