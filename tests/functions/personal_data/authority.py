"""What restricted callers get of requests for personal data."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens

_REQUEST = Row(citizens(), {"choice": "DOWNLOAD"})
ROWS: Final[Mapping[str, Row]] = {
    "request_user_data": _REQUEST,
    "request_user_data_v1": _REQUEST,
}
