"""What restricted callers get of the inbox as a whole."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import MAY, Row, citizens

ROWS: Final[Mapping[str, Row]] = {
    # a reading with a body
    "search_inbox": Row(citizens(MAY), {"filter": {"q": "rifiuti"}}),
    "change_many_messages": Row(
        # each message has an outcome of its own
        citizens(MAY),
        {
            "change": {"change_type": "reading", "is_read": True},
            "ids": ["01J0000000000000000000000A"],
        },
    ),
}
