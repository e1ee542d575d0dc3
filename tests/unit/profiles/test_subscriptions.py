"""The feed of a day follows IO's set algebra; the days are in UTC."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from lib.domain.profiles.choices import Channel, Mode
from lib.domain.profiles.settings import ProfileSettings
from lib.domain.profiles.subscriptions import (
    CitizenHash,
    FeedEntry,
    hash_of,
    is_kept,
    is_over,
    outcome_of,
    readable_from,
)
from lib.domain.profiles.switches import (
    MOST_KEPT,
    Switch,
    switch_between,
    time_of_next,
    with_switch,
)
from lib.domain.shared.identifiers import ServiceId

CITIZEN = CitizenHash("c")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
AT = "2026-11-29T12:00:00.000Z"


def entry(is_on: bool | None, version: int = 0) -> FeedEntry | None:
    """Return an entry; None for a citizen without one."""
    return None if is_on is None else FeedEntry(CITIZEN, is_on, AT, version)


@pytest.mark.parametrize(
    ("profile", "service"), list(product((None, True, False), (None, True, False)))
)
def test_the_outcome_is_that_of_the_sets(profile: bool | None, service: bool | None) -> None:
    """The sets P-S, P-U, S-S and S-U have the citizen or do not."""
    p_s, p_u = ({CITIZEN} if profile is wanted else set() for wanted in (True, False))
    s_s, s_u = ({CITIZEN} if service is wanted else set() for wanted in (True, False))
    subscriptions = (p_s - s_u) | (s_s - p_s - p_u)
    unsubscriptions = (p_u - s_s) | (s_u - p_s - p_u)

    outcome = outcome_of(entry(profile), entry(service))

    assert (outcome == "SUBSCRIBED") == bool(subscriptions)
    assert (outcome == "UNSUBSCRIBED") == bool(unsubscriptions)


def test_a_choice_of_an_earlier_settings_version_is_void() -> None:
    """A later one is not."""
    assert outcome_of(entry(is_on=True, version=1), entry(is_on=False)) == "SUBSCRIBED"
    assert outcome_of(entry(is_on=True), entry(is_on=False, version=1)) is None


def test_the_hash_is_that_of_the_contract() -> None:
    """SHA-256 of the fiscal code in capitals, in hexadecimal digits."""
    assert hash_of("aaaaaa00a00a000a") == hash_of("AAAAAA00A00A000A")
    # the example of IO's document, which is the hash of an empty text
    assert hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_day_can_be_read_from_its_end_for_400_days() -> None:
    """The time is written as JavaScript writes it."""
    day, midnight = date(2026, 11, 29), datetime(2026, 11, 30, tzinfo=UTC)
    assert not is_over(day, midnight - timedelta(microseconds=1))
    assert is_over(day, midnight)
    assert readable_from(day) == "Mon, 30 Nov 2026 00:00:00 GMT"
    assert is_kept(day, NOW + timedelta(days=399))
    assert not is_kept(day, NOW + timedelta(days=400))


def test_each_switch_of_a_document_has_a_time_of_its_own() -> None:
    """The time grows where the clock stands still or goes back; the last ten are kept."""
    kept: tuple[Switch, ...] = ()
    for back in range(MOST_KEPT + 5):
        at = time_of_next(kept, NOW - timedelta(seconds=back))
        assert not kept or at > kept[-1].at
        kept = with_switch(kept, Switch(at, 0))
    assert len(kept) == MOST_KEPT
    assert time_of_next(kept, NOW + timedelta(hours=1)) == "2026-11-29T13:00:00.000Z"


def settings(*, inbox: bool = True, mode: Mode = Mode.AUTO, closed: str = "") -> ProfileSettings:
    """Return settings."""
    blocked = {ServiceId(closed): (Channel.INBOX,)} if closed else None
    return ProfileSettings(is_inbox_enabled=inbox, mode=mode, blocked=blocked)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (settings(), settings()),
        (settings(mode=Mode.LEGACY), settings(mode=Mode.AUTO)),
        (settings(inbox=False), settings(inbox=False, mode=Mode.MANUAL)),
        (settings(inbox=False), settings(inbox=False, closed="a")),
        (settings(mode=Mode.LEGACY, closed="a"), settings(mode=Mode.AUTO, closed="a")),
    ],
)
def test_where_the_same_services_may_write_there_is_no_switch(
    before: ProfileSettings, after: ProfileSettings
) -> None:
    """Also where other settings change."""
    assert switch_between(before, after, AT) is None
