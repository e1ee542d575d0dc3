"""The contract of Clock."""

from datetime import timedelta

from lib.ports.clock import Clock


def test_now_is_aware_and_utc(clock: Clock) -> None:
    """The present is aware, with UTC's offset."""
    assert clock.now().utcoffset() == timedelta(0)


def test_now_does_not_go_back(clock: Clock) -> None:
    """The second of two moments is not earlier than the first."""
    first = clock.now()

    assert clock.now() >= first
