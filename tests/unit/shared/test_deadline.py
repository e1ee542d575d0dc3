"""Due dates as a citizen in Italy understands them, and their alarms."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.shared.deadline import day_written, deadline_at
from lib.domain.shared.plain_text import one_line
from lib.domain.shared.values import parse_clock, parse_timestamp
from lib.rendering.texts import formatting

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("due", "text"),
    [
        ("2027-06-30T21:59:59Z", "30 giugno 2027"),
        ("2027-12-31T22:59:59Z", "31 dicembre 2027"),
        ("2027-06-30T22:00:00Z", "1° luglio 2027"),
        ("2027-06-30T00:00:00Z", "30 giugno 2027"),
        ("2027-06-30T23:59:59", "30 giugno 2027"),
        ("2027-06-30T16:00:00Z", "30 giugno 2027, ore\xa018:00 (ora italiana)"),
        ("2027-01-08T17:30:00+01:00", "8 gennaio 2027, ore\xa017:30 (ora italiana)"),
        ("2027-06-30T22:30:00Z", "1° luglio 2027, ore\xa000:30 (ora italiana)"),
        # the hour that comes twice, and the one that never comes
        ("2027-10-31T00:30:00Z", "31 ottobre 2027, ore\xa002:30 (ora italiana)"),
        ("2027-10-31T01:30:00Z", "31 ottobre 2027, ore\xa002:30 (ora italiana)"),
        ("2027-03-28T01:30:00Z", "28 marzo 2027, ore\xa003:30 (ora italiana)"),
        ("9999-12-31T23:59:59Z", "31 dicembre 9999"),
        ("9999-12-31T23:30:00Z", "31 dicembre 9999, ore\xa023:30 (ora italiana)"),
    ],
)
def test_a_due_date_reads_as_it_was_meant(due: str, text: str) -> None:
    """A day's first and last minute, in Italy or in UTC, mean the day."""
    assert text == formatting.deadline(deadline_at(parse_timestamp(due)), "it_IT")


@pytest.mark.parametrize(
    ("due", "text"),
    [
        # winter's offset kept in summer, and the same moments in UTC
        ("2028-06-30T23:59:59+01:00", "30 giugno 2028"),
        ("2028-06-30T22:59:59Z", "30 giugno 2028"),
        ("2028-06-30T00:00:00+01:00", "30 giugno 2028"),
        ("2028-06-29T23:00:00Z", "30 giugno 2028"),
        # summer's offset kept in winter
        ("2028-12-10T00:00:00+02:00", "10 dicembre 2028"),
        ("2028-12-10T23:59:59+02:00", "10 dicembre 2028"),
        ("2028-12-10T21:59:59Z", "10 dicembre 2028"),
        # on the days of the change
        ("2028-03-26T23:59:59+01:00", "26 marzo 2028"),
        ("2028-10-29T23:59:59+02:00", "29 ottobre 2028"),
        # a clock far away
        ("2028-06-30T23:59:59-05:00", "30 giugno 2028"),
        # an hour by Italy's own clock is an hour
        ("2028-12-09T23:00:00+01:00", "9 dicembre 2028, ore\xa023:00 (ora italiana)"),
        # without the sender's clock nothing becomes later than Italy's says
        ("2028-12-09T22:00:00Z", "9 dicembre 2028, ore\xa023:00 (ora italiana)"),
        ("2028-06-30T12:00:00+01:00", "30 giugno 2028, ore\xa013:00 (ora italiana)"),
    ],
)
def test_a_day_is_the_one_that_the_sender_wrote(due: str, text: str) -> None:
    """Case 16: an offset of the other season does not change the day."""
    deadline = deadline_at(parse_timestamp(due), day_written(parse_clock(due)))

    assert text == formatting.deadline(deadline, "it_IT")


OFFSETS = st.sampled_from([timedelta(hours=hours) for hours in (0, 1, 2)])


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    OFFSETS,
    st.sampled_from([time(), time(23, 59), time(23, 59, 59)]),
)
def test_every_end_of_a_day_is_that_day(day: date, offset: timedelta, end: time) -> None:
    """The end of a day may have either of Italy's offsets, or be in UTC."""
    clock = datetime.combine(day, end, timezone(offset))
    deadline = deadline_at(clock.astimezone(UTC), day_written(clock))

    assert (deadline.day, deadline.at) == (day, None)


@given(st.datetimes(datetime(1980, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_guess_makes_nothing_later(moment: datetime) -> None:
    """A citizen who pays by the shown date pays in time."""
    assert deadline_at(moment).day <= moment.astimezone(ROME).date()


@given(st.datetimes(datetime(1980, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_alarm_is_at_nine_the_day_before(moment: datetime) -> None:
    """The hour is Italy's, also when the clocks change in between."""
    deadline = deadline_at(moment)

    assert deadline.lead is not None
    midnight = datetime.combine(deadline.day, time(), ROME)
    start = midnight if deadline.at is None else moment
    alarm = (start.astimezone(UTC) - deadline.lead).astimezone(ROME)
    assert alarm.replace(tzinfo=None) == datetime.combine(deadline.day - timedelta(1), time(9))


@pytest.mark.parametrize(
    ("due", "hours"),
    [
        ("2027-03-28T16:00:00Z", 32),  # 23 hours in the day, 9:00 to 18:00 the next day is 33 else
        ("2027-10-31T17:00:00Z", 34),
        ("2027-06-30T16:00:00Z", 33),
    ],
)
def test_the_lead_counts_the_hours_there_are(due: str, hours: int) -> None:
    """Days on which the clocks change have 23 or 25."""
    assert deadline_at(parse_timestamp(due)).lead == timedelta(hours=hours)


def test_before_the_first_day_there_is_no_alarm() -> None:
    """A due date in the year 1 is accepted, so it must be readable."""
    deadline = deadline_at(datetime(1, 1, 1, 12, 30, tzinfo=UTC))

    assert (deadline.day, deadline.lead) == (date.min, None)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (1, "0,01\xa0€"),
        (8450, "84,50\xa0€"),
        (100_000, "1.000,00\xa0€"),
        (9_999_999_999, "99.999.999,99\xa0€"),
    ],
)
def test_amounts_are_written_as_in_italy(cents: int, text: str) -> None:
    """A comma separates the cents, and full stops the thousands."""
    assert text == formatting.euros(cents, "it_IT")


@given(st.integers(1, 9_999_999_999))
def test_an_amount_keeps_its_cents(cents: int) -> None:
    """No amount is rounded."""
    assert cents == int(
        formatting.euros(cents, "it_IT").translate(str.maketrans("", "", ".,\xa0€"))
    )


@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    """Control characters and characters that turn the text's direction are left out."""
    line = one_line(text)

    assert not set("\r\n\t\x00\x1b\u2028\u202e\u2066") & set(line)
    assert {one for one in line if one.isspace()} <= {" ", "\xa0", "\u202f"}
    assert line.split() == re.split(r"\s", line) or not line
    assert line == one_line(line)


def test_a_no_break_space_stays_between_two_words() -> None:
    """A number stays with its unit; more than one space is one, which breaks."""
    assert one_line("10\xa0€\n per\xa0 \u202fte\xa0") == "10\xa0€ per te"
