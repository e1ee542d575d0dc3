"""A due date for the citizen's calendar (iCalendar, RFC 5545), with an alarm the day before.

The same message in the same state gives the same bytes. The message's id is the id of the entry, so
importing the file again changes the entry and adds no other entry (RFC 5545, 3.8.7.4). The entry of
a settled payment is cancelled, so its alarm disappears. Times are in UTC and days have no zone, so
the file defines no time zone. The notice number is left out, since people share their calendars.
"""

from typing import Final

from icalendar import Alarm, Calendar, Event

from lib.domain.documents.documents import CalendarEntry
from lib.domain.shared.plain_text import one_line
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import PHRASES

_SETTLED: Final[dict[str, str]] = {
    "PAID": "Risulta già pagato: non pagare di nuovo.",
    "CANCELLED": "L'ente ha annullato l'avviso: non c'è nulla da pagare.",
    "PAID_OTHERWISE": "Risulta già pagato, a rate o per intero: non pagare di nuovo.",
}


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
    summary = f"Scadenza: {_subject_or_sender(entry)}"
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
    words = PHRASES["it_IT"].notifications.unread_from
    return one_line(entry.subject) or words.format(organization=one_line(entry.organization))


def _description(entry: CalendarEntry) -> str:
    lines = [
        f"Da: {one_line(entry.organization)}",
        f"Scade: {formatting.deadline(entry.deadline, 'it_IT')}",
    ]
    if entry.amount is not None:
        lines.append(f"Importo: {formatting.euros(entry.amount, 'it_IT')}")
    if entry.status != "NOT_PAID":
        lines.append(_SETTLED[entry.status])
    return "\n".join(lines)
