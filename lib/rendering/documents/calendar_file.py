"""A due date for the citizen's calendar (iCalendar, RFC 5545), with an alarm the day before.

The same message in the same state gives the same bytes. The message's id is the id of the entry, so
importing the file again changes the entry and adds no other entry (RFC 5545, 3.8.7.4). The entry of
a settled payment is cancelled, so its alarm disappears. Times are in UTC and days have no zone, so
the file defines no time zone. The notice number is left out, since people share their calendars.
"""

from icalendar import Alarm, Calendar, Event

from lib.domain.documents.documents import CalendarEntry
from lib.domain.shared.plain_text import one_line
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of


def calendar_file(entry: CalendarEntry) -> bytes:
    """Return a calendar file with the entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//Recapito//Promemoria//IT")
    calendar.add("version", "2.0")
    calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry) -> Event:
    deadline = entry.deadline
    summary = phrases_of(entry.language).calendar.summary.format(subject=_subject_or_sender(entry))
    event = Event()
    event.add("uid", entry.message_id)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("status", "CONFIRMED" if entry.status == "NOT_PAID" else "CANCELLED")
    event.add("dtstart", deadline.day if deadline.at is None else deadline.moment)
    event.add("summary", summary)
    event.add("description", _description(entry))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if deadline.lead is not None and entry.status == "NOT_PAID":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -deadline.lead)
        event.add_component(alarm)
    return event


def _subject_or_sender(entry: CalendarEntry) -> str:
    words = phrases_of(entry.language).notifications.unread_from
    return one_line(entry.subject) or words.format(organization=one_line(entry.organization))


def _description(entry: CalendarEntry) -> str:
    language = entry.language
    words = phrases_of(language).calendar
    settled = {
        "PAID": words.paid,
        "CANCELLED": words.cancelled,
        "PAID_OTHERWISE": words.paid_otherwise,
    }
    lines = [
        words.sender.format(sender=one_line(entry.organization)),
        words.due.format(due=formatting.deadline(entry.deadline, language)),
    ]
    if entry.amount is not None:
        lines.append(words.amount.format(amount=formatting.euros(entry.amount, language)))
    if entry.status != "NOT_PAID":
        lines.append(settled[entry.status])
    return "\n".join(lines)
