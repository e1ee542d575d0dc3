"""The subscriptions feed: citizens who began or ceased to take a service's messages on a day."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Final, Literal, NewType

CitizenHash = NewType("CitizenHash", str)
"""The SHA-256 of a fiscal code in capitals, as 64 hexadecimal digits: IO's name of a citizen."""

KEPT: Final = timedelta(days=400)
"""The life of an entry: a reader that missed a year still catches up."""
CLOSING: Final = timedelta(minutes=1)
"""Entries that are written in the last minute of a day also stand in the feed of the next day."""

type Outcome = Literal["SUBSCRIBED", "UNSUBSCRIBED"]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """The last switch of a citizen on a day: at the level of the profile, or of one service.

    `at` and `settings_version`: see Switch.
    """

    citizen: CitizenHash
    is_on: bool
    at: str
    settings_version: int


def hash_of(fiscal_code: str) -> CitizenHash:
    """Return the hash by which the feed names the citizen."""
    return CitizenHash(hashlib.sha256(fiscal_code.upper().encode()).hexdigest())


def outcome_of(profile: FeedEntry | None, service: FeedEntry | None) -> Outcome | None:
    """Return the event that a service reads about one citizen, by IO's rule, or None.

    A new mode voids the choices for services, and so their entries.
    """
    if profile and service and service.settings_version < profile.settings_version:
        service = None
    if profile is None:
        decisive = service
    elif service is not None and service.is_on is not profile.is_on:
        return None
    else:
        decisive = profile
    if decisive is None:
        return None
    return "SUBSCRIBED" if decisive.is_on else "UNSUBSCRIBED"


def is_over(day: date, now: datetime) -> bool:
    """Tell whether the day has ended in UTC, so that its feed can be read."""
    return day < now.date()


def is_kept(day: date, now: datetime) -> bool:
    """Tell whether all entries of the day are still stored."""
    return now.date() - day < KEPT


def readable_from(day: date) -> str:
    """Return the time from which the feed of the day can be read, as JavaScript writes it."""
    end = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00") + timedelta(days=1)
    return format_datetime(end, usegmt=True)
