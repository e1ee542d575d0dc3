"""A citizen's daily limit of notifications; the evening digest counts the others.

Message and kind name a notification. Its channels and its repetitions count as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lib.domain.identity.acting import DelegationId
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.quiet_hours import QuietHours, moment_on

MAX_HELD: Final = 100
"""The most names of held notifications that are stored; further notifications are only counted."""
DIGEST_HOUR: Final = 18
"""The hour of the digest by Italy's clock: after work, and early enough to act on a message."""
URGENT_DAYS: Final = 1
"""A reminder at most this many days before its due date is never held."""


@dataclass(frozen=True, slots=True)
class HeldNotification:
    """The name of a notification that was held, and the message that it is about.

    `delegation_id`: that by which the citizen sees the message, if it is in another inbox.
    """

    name: str
    message_id: MessageId
    is_reminder: bool = False
    delegation_id: DelegationId | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The content of a day's digest, fixed once.

    `beyond`: the number of further held notifications, whose names are not stored.
    """

    day: str
    held: tuple[HeldNotification, ...]
    beyond: int = 0

    @property
    def messages(self) -> list[MessageId]:
        """The ids of the digest's messages, each once, the newest first."""
        return sorted({notification.message_id for notification in self.held}, reverse=True)


@dataclass(frozen=True, slots=True)
class DailyLimit:
    """The notifications that the daily limit of one citizen held back.

    `beyond`: the number of further held notifications, whose names are not stored. `digest_at`: the
    time, in UTC, of the digest of the held notifications; None while no digest is planned.
    `digest`: the last digest that was fixed.
    """

    held: tuple[HeldNotification, ...] = ()
    beyond: int = 0
    digest_at: datetime | None = None
    digest: Digest | None = None

    def holds(self, name: str) -> bool:
        """Tell whether the notification waits for the digest, or is in the last digest."""
        notifications = (*self.held, *(self.digest.held if self.digest else ()))
        return any(notification.name == name for notification in notifications)

    def hold(self, held: HeldNotification, digest_at: datetime | None) -> "DailyLimit":
        """Return the limit with one more notification that waits for the digest."""
        planned = replace(self, digest_at=digest_at)
        if len(self.held) >= MAX_HELD:
            return replace(planned, beyond=self.beyond + 1)
        return replace(planned, held=(*self.held, held))

    def needs_digest(self, now: datetime) -> bool:
        """Tell whether no digest is planned yet for the next notification that is held."""
        return self.digest_at is None or self.digest_at <= now

    def digested(self, day: str) -> "DailyLimit":
        """Return the limit after the digest of that day has taken the held notifications.

        The limit is unchanged where that digest or a later digest took them before. An empty digest
        is recorded as well, so that a notification that is held after it gets another digest.
        """
        if self.digest is not None and self.digest.day >= day:
            return self
        digest = Digest(day, self.held, self.beyond)
        return replace(self, held=(), beyond=0, digest_at=None, digest=digest)

    def next_digest(self, now: datetime, quiet: QuietHours | None) -> datetime | None:
        """Return when the next digest is due, in UTC; None where quiet hours fill the day."""
        today = in_rome(now).date()
        for ahead in range(3):
            day = today + timedelta(days=ahead)
            at = moment_on(day, DIGEST_HOUR, 0, quiet)
            if at is None:
                return None
            is_past = self.digest is not None and self.digest.day >= day.isoformat()
            if at > now and not is_past:
                return at
        return None


def has_room(taken: Mapping[str, ServiceId], at_most: int, service_id: ServiceId) -> bool:
    """Tell whether one more notification of the service may be sent on a day.

    `taken`: the services of the other notifications of the day, by name. The limit is the day's
    number less the notifications of the other services. A service may use half of the limit,
    rounded up. So no service uses up the day, and while there is room, another service gets a part
    of it.
    """
    own = sum(1 for one in taken.values() if one == service_id)
    others = len(taken) - own
    return own < (at_most - others + 1) // 2 and own + others < at_most


def day_of(moment: datetime) -> str:
    """Return the day in Italy, as `2027-03-28`."""
    return in_rome(moment).date().isoformat()
