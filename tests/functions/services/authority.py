"""What restricted callers get of services."""

from collections.abc import Mapping
from typing import Final

from infra.local.sandbox.authority import CLIENT_ID, PURPOSE_ID
from infra.local.sandbox.seed import ORGANIZATION, SERVICE_ID
from tests.builders.authority import MAY, Row, managers, operators, senders
from tests.builders.managed_services import PNG, a_service

_SERVICE: Final = {"service_id": SERVICE_ID}
_CLIENT: Final = {**_SERVICE, "client_id": CLIENT_ID, "purpose_id": PURPOSE_ID}
_MANAGERS: Final = managers(403)
ROWS: Final[Mapping[str, Row]] = {
    "create_service": Row(_MANAGERS, a_service()),
    "change_service": Row(_MANAGERS, a_service(), _SERVICE),
    "patch_service": Row(_MANAGERS, {"metadata": {"group_id": "g"}}, _SERVICE),
    "delete_service": Row(_MANAGERS, None, _SERVICE),
    "set_service_logo": Row(_MANAGERS, {"logo": PNG}, _SERVICE),
    "replace_service_key": Row(_MANAGERS, None, {**_SERVICE, "key_type": "primary"}),
    "submit_service": Row(_MANAGERS, {"auto_publish": True}, _SERVICE),
    "comment_review": Row(_MANAGERS, {"comment": "c"}, _SERVICE),
    "publish_service": Row(_MANAGERS, None, _SERVICE),
    "unpublish_service": Row(_MANAGERS, None, _SERVICE),
    "change_managed_reminder_policy": Row(_MANAGERS, {"days": [2]}, _SERVICE),
    "change_managed_duplicate_policy": Row(_MANAGERS, {"policy": "HOLD"}, _SERVICE),
    "change_second_language": Row(_MANAGERS, {"second_language": "de_DE"}, _SERVICE),
    "set_organization_logo": Row(
        # every service of the world's callers is the organisation's own
        senders(MAY),
        {"logo": PNG},
        {"organization_fiscal_code": ORGANIZATION},
    ),
    "change_service_rights": Row(
        operators(), {"category": "SPECIAL", "reads_subscriptions_feed": True}, _SERVICE
    ),
    "change_featured": Row(operators(), {"institutions": [ORGANIZATION], "services": []}),
    "link_voucher_client": Row(_MANAGERS, {"voucher": "a.b.c"}, _CLIENT),
    "remove_voucher_client": Row(_MANAGERS, None, _CLIENT),
    "approve_service": Row(operators(), {}, _SERVICE),
    "reject_service": Row(operators(), {"reason": "No."}, _SERVICE),
}
