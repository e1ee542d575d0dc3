"""An example of each body, for the OpenAPI document; a test holds each against its type."""

from collections.abc import Mapping
from typing import Any, Final

_PAYMENT: Final[Mapping[str, Any]] = {
    "event_id": "receipt-1",
    "occurred_at": "2027-06-12T08:30:00Z",
    "outcome": "PAID",
    "amount_cents": 8450,
}
_CONTENT: Final[Mapping[str, Any]] = {
    "subject": "Tassa sui rifiuti 2027",
    "markdown": "La prima rata della tassa sui rifiuti scade il 30 giugno: "
    "trovi qui importo e codice avviso.",
    "due_date": "2027-06-30T21:59:59Z",
    "payment_data": {"amount": 8450, "notice_number": "302000000000000184"},
}
_TERMS: Final[Mapping[str, Any]] = {
    "amount_cents": 4225,
    "due_date": "2027-06-30",
    "subject": "Mensa scolastica, maggio 2027",
}

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "submit_message": {"fiscal_code": "RSSMRA80A01H501U", "content": _CONTENT},
    "submit_message_to": {"content": _CONTENT},
    "find_recipient": {"fiscal_code": "RSSMRA80A01H501U"},
    "change_reminder_policy": {"days": [10, 2], "hour": 10, "holidays_of": "RM"},
    "submit_payment_notice": {
        "fiscal_code": "RSSMRA80A01H501U",
        "notice_number": "302000000000001909",
        **_TERMS,
    },
    "amend_payment_notice": {"version": 1, **_TERMS},
    "change_message_status": {"change_type": "reading", "is_read": True},
    "change_reminders": {"change_type": "snooze", "until": "2027-06-29T07:00:00Z"},
    "update_profile": {"version": 1, "push_notifications_content_type": "ANONYMOUS"},
    "change_service_preference": {
        "is_inbox_enabled": True,
        "is_email_enabled": False,
        "is_webhook_enabled": True,
        "settings_version": 0,
    },
    "register_installation": {"platform": "fcmv1", "pushChannel": "a-token-of-the-platform"},
    "update_payment": _PAYMENT,
    "update_payments": {"updates": [{"rpt_id": "01234567890302000000000000184", **_PAYMENT}]},
}


def example_of(name: str) -> Mapping[str, Any] | None:
    """Return the example of an endpoint's body; under the older base it is the same."""
    return EXAMPLES.get(name.removesuffix("_v1"))
