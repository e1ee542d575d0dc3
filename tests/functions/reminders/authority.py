"""What restricted callers get of reminders."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import THE_MESSAGE, Row, citizens, senders

ROWS: Final[Mapping[str, Row]] = {
    "change_reminder_policy": Row(senders(), {"days": [2]}),
    "change_reminders": Row(citizens(404), {"change_type": "done"}, {"id": THE_MESSAGE}),
}
