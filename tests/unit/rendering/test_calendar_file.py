"""The calendar entry, read by another implementation and by the rules of RFC 5545."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from lib.domain.documents.documents import CalendarEntry
from lib.domain.shared.deadline import Deadline, deadline_at
from lib.domain.shared.plain_text import one_line
from lib.rendering.documents.calendar_file import calendar_file
from tests.builders.documents import an_entry, deadlines, properties, subjects, unescaped

WHEN_AND_WHAT = "Scade: 30 giugno 2027\nImporto: 84,50\xa0€"


def event_in(entry: CalendarEntry) -> Event:
    """Return the only event of the file."""
    calendar = IcsCalendarStream.calendar_from_ics(calendar_file(entry).decode())
    (event,) = calendar.events
    return event


def test_a_day_is_an_all_day_entry() -> None:
    """The entry has the amount, and an alarm at nine in the morning of the day before."""
    event = event_in(an_entry())
    (alarm,) = event.alarm

    assert event.dtstart == datetime(2027, 6, 30, tzinfo=UTC).date()
    assert (event.uid, event.sequence) == ("01KB0000000000000000000000", 0)
    assert event.dtstamp == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert event.summary == "Scadenza: Tassa sui rifiuti"
    assert event.description == f"Da: Comune di Esempio\n{WHEN_AND_WHAT}"
    assert (alarm.action, alarm.trigger) == ("DISPLAY", -timedelta(hours=15))


def test_an_hour_is_a_moment() -> None:
    """The moment is in UTC, right on every phone; without a payment there is no amount."""
    due = datetime(2027, 3, 28, 16, 0, tzinfo=UTC)
    event = event_in(an_entry(deadline=deadline_at(due), amount=None))

    assert event.dtstart == due
    assert event.alarm[0].trigger == -timedelta(hours=32)
    assert event.description == (
        "Da: Comune di Esempio\nScade: 28 marzo 2027, ore\xa018:00 (ora italiana)"
    )


def test_the_same_message_gives_the_same_bytes() -> None:
    """An import again changes the entry and adds none."""
    assert calendar_file(an_entry()) == calendar_file(an_entry())


@settings(deadline=None)
@given(deadlines)
def test_every_accepted_due_date_has_an_entry(deadline: Deadline) -> None:
    """Due dates go from the year 1 to 9999."""
    written = dict(properties(calendar_file(an_entry(deadline=deadline))))

    if deadline.at is None:
        day = deadline.day
        assert written["DTSTART;VALUE=DATE"] == f"{day.year:04d}{day.month:02d}{day.day:02d}"
    else:
        at = deadline.moment
        assert written["DTSTART"] == (
            f"{at.year:04d}{at.month:02d}{at.day:02d}T{at.hour:02d}{at.minute:02d}{at.second:02d}Z"
        )


@settings(deadline=None)
@given(subjects, subjects)
def test_a_sender_s_text_stays_text(subject: str, organization: str) -> None:
    """No text adds a property or loses a character, not even with line breaks."""
    entry = an_entry(subject=subject, organization=organization)
    written = properties(calendar_file(entry))

    assert [name.partition(";")[0] for name, _ in written] == [
        name.partition(";")[0] for name, _ in properties(calendar_file(an_entry()))
    ]
    summary = f"Scadenza: {one_line(subject)}"
    said = [unescaped(value) for name, value in written if name in {"SUMMARY", "DESCRIPTION"}]
    assert said == [summary, f"Da: {one_line(organization)}\n{WHEN_AND_WHAT}", summary]
    assert event_in(entry).summary == summary


def test_it_says_nothing_that_pays_the_notice() -> None:
    """Calendars are shared: the entry has no notice number and no fiscal code."""
    names = {name.partition(";")[0] for name, _ in properties(calendar_file(an_entry()))}

    assert names == {
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "LAST-MODIFIED",
        "STATUS",
        "DTSTART",
        "SUMMARY",
        "DESCRIPTION",
        "CLASS",
        "TRANSP",
        "ACTION",
        "TRIGGER",
    }
