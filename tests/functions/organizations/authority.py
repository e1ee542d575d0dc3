"""The rights matrix of organisations."""

from collections.abc import Mapping
from typing import Final

from infra.local.sandbox.seed import SERVICE_ID
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from tests.builders.authority import MAY, Row, managers, operators
from tests.builders.organizations import FISCAL_CODE, INTERMEDIARY

_GIVEN: Final = {"intermediary_fiscal_code": INTERMEDIARY}
_RECEIVED: Final = {"organization_fiscal_code": FISCAL_CODE}
_PATH: Final = {"fiscal_code": FISCAL_CODE}
ROWS: Final[Mapping[str, Row]] = {
    "apply_organization": Row({}, {"fiscal_code": BODIES[0].fiscal_code}),
    "confirm_organization": Row({}, {"code": "0" * 59}),
    "invite_organization": Row(
        operators(),
        {"fiscal_code": FISCAL_CODE, "name": "Software", "email": "pec@software.example.org"},
    ),
    "give_delegation": Row(managers(MAY), {}, _GIVEN),
    "revoke_given_delegation": Row(managers(404), None, _GIVEN),
    "request_delegation": Row(managers(MAY), {}, _RECEIVED),
    "revoke_received_delegation": Row(managers(404), None, _RECEIVED),
    "replace_delegated_key": Row(
        managers(404), None, {**_RECEIVED, "service_id": SERVICE_ID, "key_type": "primary"}
    ),
    "replace_manage_key": Row(managers(404), None, {**_PATH, "key_type": "secondary"}),
    "replace_key_of_organization": Row(operators(), None, {**_PATH, "key_type": "primary"}),
    "approve_organization": Row(operators(), None, _PATH),
    "suspend_organization": Row(operators(), {"reason": "The key was found."}, _PATH),
}
