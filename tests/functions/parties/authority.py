"""What restricted callers get of delegations."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens
from tests.builders.parties import an_offer

_UNKNOWN: Final = {"id": "0" * 26}
ROWS: Final[Mapping[str, Row]] = {
    "offer_delegation": Row(citizens(), an_offer()),
    "end_delegation": Row(citizens(404), None, _UNKNOWN),
    "take_offer": Row(citizens(404), {"code": "no code of an offer"}),
    "leave_party": Row(citizens(404), None, _UNKNOWN),
}
