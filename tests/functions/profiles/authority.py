"""What restricted callers get of profiles and preferences."""

from collections.abc import Mapping
from typing import Final

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.builders.authority import Row, citizens, links, senders

_PROFILE = Row(citizens(), {"version": 0, "is_email_enabled": False})
_CHOICE = Row(
    citizens(),
    {
        "is_inbox_enabled": False,
        "is_email_enabled": False,
        "is_webhook_enabled": False,
        "settings_version": 0,
    },
    {"service_id": SERVICE_ID},
)
_SEND = Row(citizens(), {"activation_status": True})
ROWS: Final[Mapping[str, Row]] = {
    "find_recipient": Row(senders(other_recipients=403), {"fiscal_code": CITIZEN}),
    "find_recipients": Row(senders(), {"fiscal_codes": [CITIZEN]}),
    # the service of the world's callers is not SPECIAL
    "find_activation": Row(senders(403), {"fiscal_code": CITIZEN}),
    "change_activation": Row(senders(403), {"fiscal_code": CITIZEN, "status": "ACTIVE"}),
    "update_profile": _PROFILE,
    "update_profile_v1": _PROFILE,
    "change_service_preference": _CHOICE,
    "change_service_preference_v1": _CHOICE,
    "request_email_validation": Row(citizens(400)),
    "request_email_validation_v1": Row(citizens(400)),
    "change_send_activation": _SEND,
    "change_send_activation_v1": _SEND,
    "do_unsubscribe": Row(links()),
    "do_validate_email": Row(links()),
}
