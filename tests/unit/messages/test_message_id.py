"""Ids of messages sort by time, and say in which lane their message was accepted."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from lib.domain.messages.message_id import (
    LANE_MILLISECONDS,
    LANES,
    first_id_of,
    lane_of,
    new_message_id,
)
from lib.domain.shared.identifiers import ULID_PATTERN, MessageId
from tests.doubles.clock import START

moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(begins=moments, now=moments)
def test_an_id_has_the_time_of_its_beginning(begins: datetime, now: datetime) -> None:
    """The lane changes neither the form nor the time."""
    id_ = new_message_id(begins, now)
    assert re.fullmatch(ULID_PATTERN, id_)
    assert abs(ULID.from_str(id_).datetime - begins) <= timedelta(milliseconds=1)
    assert first_id_of(begins) <= id_ < first_id_of(begins + timedelta(milliseconds=2))


@given(begins=moments, now=moments, later=st.integers(0, 10_000))
def test_the_lane_is_that_of_the_acceptance(begins: datetime, now: datetime, later: int) -> None:
    """All lanes get their turn, also for messages with the same set time."""
    now -= timedelta(milliseconds=now.timestamp() * 1000 % LANE_MILLISECONDS - 1)
    after = now + timedelta(milliseconds=later * LANE_MILLISECONDS)
    lane, other = (lane_of(new_message_id(begins, at)) for at in (now, after))
    assert (lane + later) % LANES == other


def test_each_ulid_has_a_lane() -> None:
    """The ids of notices and tests are any ULIDs."""
    times = (START + timedelta(milliseconds=number) for number in range(500))
    ids = [ULID.from_datetime(time) for time in times]
    lanes = [lane_of(MessageId(str(id_))) for id_ in ids]
    assert lanes == [id_.bytes[6] >> 4 for id_ in ids]
    assert set(lanes) == set(range(LANES))


def test_ids_of_the_same_millisecond_differ() -> None:
    """The lane takes four of 80 random bits."""
    assert len({new_message_id(START, START) for _ in range(5000)}) == 5000
