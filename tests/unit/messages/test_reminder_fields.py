"""What a message's document says of its reminders."""

import pytest

from lib.repositories.messages.reminder_fields import last_sent

LATER = "2026-12-31T00:00:00.000Z"


@pytest.mark.parametrize(
    ("step", "days", "name"),
    [("20261203-7", 7, "7"), ("unread", None, "unread"), ("snooze-202611301430", None, "snooze")],
)
def test_the_last_reminder_sent_is_named_without_its_moment(
    step: str, days: int | None, name: str
) -> None:
    """A snooze is one of many: its minute would tell whose it is."""
    entry = {"step": step, "days": days, "at": "2026-11-30T14:30:00.000Z"}
    document = {"reminder_log": [{**entry, "outcome": "SENT"}]}

    assert last_sent(document, LATER) == name
    assert last_sent(document, "2026-11-01T00:00:00.000Z") is None
    assert last_sent({"reminder_log": [{**entry, "outcome": "PAID"}]}, LATER) is None
