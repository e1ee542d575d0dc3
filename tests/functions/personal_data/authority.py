"""What restricted callers get of requests for personal data."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens

_REQUEST = Row(citizens(), {"choice": "DOWNLOAD"})
_ABORT = Row(citizens(404), path={"choice": "DELETE"})
ROWS: Final[Mapping[str, Row]] = {
    "request_user_data": _REQUEST,
    "request_user_data_v1": _REQUEST,
    "abort_user_data_request": _ABORT,
    "abort_user_data_request_v1": _ABORT,
}
