"""What restricted callers get of certificates."""

from collections.abc import Mapping
from typing import Final

from infra.local.sandbox.seed import SERVICE_ID
from tests.builders.authority import MAY, Row, citizens, senders
from tests.functions.certificates.certificate_calls import NAME, OFFER, REFUSAL

_NAME: Final = {"name": NAME}
_UNKNOWN: Final = {"id": "01J0000000000000000000000A"}
"""The id of no request; test_rights.py has those of other services."""
_REQUEST: Final = {"service_id": SERVICE_ID, "certificate": NAME}
ROWS: Final[Mapping[str, Row]] = {
    "save_certificate": Row(senders(MAY), OFFER, _NAME),
    "remove_certificate": Row(senders(404), None, _NAME),
    "answer_certificate_request": Row(senders(404), REFUSAL, _UNKNOWN),
    "request_certificate": Row(citizens(404), _REQUEST),
    "withdraw_certificate_request": Row(citizens(404), None, _UNKNOWN),
}
