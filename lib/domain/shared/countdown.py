"""The number of days until a deadline, by Italy's calendar."""

from datetime import datetime

from lib.domain.shared.deadline import Deadline, in_rome


def days_left(deadline: Deadline, now: datetime) -> int | None:
    """Return 0 on the day of the deadline, 1 on the day before it; None once it is past.

    A deadline with a time of day is past from that time on, other deadlines when their day is over.
    """
    if deadline.is_past(now):
        return None
    return (deadline.day - in_rome(now).date()).days
