"""What restricted callers get of operations."""

from collections.abc import Mapping
from typing import Final

from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.operations.dead_letters import dead_letter_id
from tests.builders.authority import Row, operators

POISONED: Final = '{"fiscal_code":"AAAAAA00A00A000A","message_id":"x","service_id":"y"}'
ROWS: Final[Mapping[str, Row]] = {
    "replay_dead_letter": Row(
        operators(),
        {},
        {"queue": MESSAGE_SUBMITTED, "id": dead_letter_id(MESSAGE_SUBMITTED, POISONED)},
    ),
    "replay_dead_letters": Row(
        operators(), {"reason": "The store is back."}, {"queue": MESSAGE_SUBMITTED}
    ),
}
