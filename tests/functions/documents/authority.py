"""What restricted callers get of personal archives."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens

_UNKNOWN: Final = {"id": "01J0000000000000000000000A"}
ROWS: Final[Mapping[str, Row]] = {
    "keep_document": Row(citizens(404), {"message_id": _UNKNOWN["id"]}, _UNKNOWN),
    "remove_document": Row(citizens(404), None, _UNKNOWN),
}
