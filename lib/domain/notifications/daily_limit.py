"""How often a citizen is disturbed in a day, and what waits for the digest of the evening instead.

A notification is named by its message and kind, so that all its channels, and each time it comes
again, get the verdict of the first time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lib.domain.shared.deadline import in_rome
from lib.domain.shared.quiet_hours import QuietHours, moment_on

MAX_HELD: Final = 100
"""Names that are kept of what is held; what comes beyond is counted alone."""
DIGEST_HOUR: Final = 18
"""By Italy's clock: after work, and early enough to do something about it."""
URGENT_DAYS: Final = 1
"""A reminder so near its due date is never held: the day before, and the day itself."""


@dataclass(frozen=True, slots=True)
class HeldNotification:
    """The name of a notification that was held, and the message it is about."""

    name: str
    message_id: str
    is_reminder: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """What the digest of a day tells of, settled once. `beyond`: how many more, without a name."""

    day: str
    held: tuple[HeldNotification, ...]
    beyond: int = 0

    @property
    def messages(self) -> list[str]:
        """The ids of its messages, each once, the newest first."""
        return sorted({one.message_id for one in self.held}, reverse=True)


@dataclass(frozen=True, slots=True)
class DailyLimit:
    """What one citizen was, and was not, disturbed with lately.

    `day`: the last one that something was judged on, in Italy, as `2027-03-28`; `sent` names what
    was let through on it, `sent_before` on the one before that, `sent_for` the services of `sent`
    in the same order, "" where an earlier version did not note it. `digest_at`: when what is held
    is told of, in UTC; None while it is not planned. `digest`: the last one.
    """

    day: str = ""
    sent: tuple[str, ...] = ()
    sent_for: tuple[str, ...] = ()
    sent_before: tuple[str, ...] = ()
    held: tuple[HeldNotification, ...] = ()
    beyond: int = 0
    digest_at: datetime | None = None
    digest: Digest | None = None

    def verdict(self, name: str) -> bool | None:
        """Tell whether it was let through; None where it is not remembered."""
        if name in self.sent or name in self.sent_before:
            return True
        held = (*self.held, *(self.digest.held if self.digest else ()))
        return False if any(one.name == name for one in held) else None

    def has_room(self, now: datetime, at_most: int, service_id: str) -> bool:
        """Tell whether one more of the service may go out today.

        Its share is half, rounded up, of what the other services leave of the day's number: no
        service uses up the day, and there is room for another one as long as there is any.
        """
        today = self._on(now)
        own = today.sent_for.count(service_id)
        others = len(today.sent) - own
        return own < (at_most - others + 1) // 2 and own + others < at_most

    def let_through(self, name: str, now: datetime, service_id: str) -> "DailyLimit":
        """Return the budget with one more that went out."""
        today = self._on(now)
        noted = (*today.sent_for, *("" for _ in today.sent[len(today.sent_for) :]))
        return replace(today, sent=(*today.sent, name), sent_for=(*noted, service_id))

    def hold(
        self, held: HeldNotification, now: datetime, digest_at: datetime | None
    ) -> "DailyLimit":
        """Return the budget with one more that waits for the digest."""
        today = replace(self._on(now), digest_at=digest_at)
        if len(self.held) >= MAX_HELD:
            return replace(today, beyond=self.beyond + 1)
        return replace(today, held=(*self.held, held))

    def needs_digest(self, now: datetime) -> bool:
        """Tell whether no digest is planned for what is held from now on."""
        return self.digest_at is None or self.digest_at <= now

    def digested(self, day: str) -> "DailyLimit":
        """Return the budget after that day's digest has taken what is held.

        The same where it did already, and where a later one did. It takes nothing, too: so that
        what was about to be held for it sees that it comes too late.
        """
        if self.digest is not None and self.digest.day >= day:
            return self
        digest = Digest(day, self.held, self.beyond)
        return replace(self, held=(), beyond=0, digest_at=None, digest=digest)

    def next_digest(self, now: datetime, quiet: QuietHours | None) -> datetime | None:
        """Return when the next digest is to come, in UTC; None where all of each day is quiet."""
        today = in_rome(now).date()
        for ahead in range(3):
            day = today + timedelta(days=ahead)
            at = moment_on(day, DIGEST_HOUR, 0, quiet)
            if at is None:
                return None
            told = self.digest is not None and self.digest.day >= day.isoformat()
            if at > now and not told:
                return at
        return None

    def _on(self, now: datetime) -> "DailyLimit":
        """Return the budget of today; a clock that is behind does not turn it back."""
        today = day_of(now)
        if today <= self.day:
            return self
        return replace(self, day=today, sent=(), sent_for=(), sent_before=self.sent)


def day_of(moment: datetime) -> str:
    """Return the day in Italy, as `2027-03-28`."""
    return in_rome(moment).date().isoformat()
