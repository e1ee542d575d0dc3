"""What restricted callers get of messages."""

from collections.abc import Mapping
from typing import Final

from infra.local.sandbox.seed import CITIZEN
from tests.builders.authority import (
    MAY,
    NO_PAYEE,
    PAYEE,
    THE_MESSAGE,
    Row,
    citizens,
    links,
    senders,
)
from tests.builders.messages import a_message
from tests.builders.payment_notices import NUMBER
from tests.builders.payments import a_payment

_CONTENT = {"payment_data": a_payment(notice_number=NUMBER, payee={"fiscal_code": PAYEE})}
SUBMISSION: Final = a_message(content=_CONTENT)
ROWS: Final[Mapping[str, Row]] = {
    "submit_message": Row(senders(**NO_PAYEE), SUBMISSION),
    "dry_run_message": Row(senders(**NO_PAYEE), SUBMISSION),
    "change_duplicate_policy": Row(senders(), {"policy": "REFUSE"}),
    "release_held_message": Row(senders(404), None, {"id": THE_MESSAGE}),
    "drop_held_message": Row(senders(404), None, {"id": THE_MESSAGE}),
    "cancel_scheduled_message": Row(senders(404), None, {"id": THE_MESSAGE}),
    "search_sent_messages": Row(senders(another_group=MAY), {}),
    "submit_message_to": Row(
        senders(**NO_PAYEE),
        {name: value for name, value in SUBMISSION.items() if name != "fiscal_code"},
        {"fiscal_code": CITIZEN},
    ),
    "withdraw_message": Row(
        # the world's message belongs to a payment notice
        senders(409, other_recipients=403, another_service=403),
        {"reason": "Importo sbagliato"},
        {"fiscal_code": CITIZEN, "id": THE_MESSAGE},
    ),
    "withdraw_messages": Row(
        senders(MAY, other_recipients=403),
        {
            "reason": "Importo sbagliato",
            "messages": [f"{CITIZEN}/01J0000000000000000000000A"],
        },
    ),
    **{
        name: Row(
            senders(MAY, other_recipients=403),
            {
                "reason": "Importo sbagliato",
                "since": "2020-01-01T00:00:00Z",
                "until": "2020-01-02T00:00:00Z",
            },
        )
        for name in ("withdraw_selection", "dry_run_withdrawal")
    },
    "take_translation": Row(
        links(),
        b"translated-text=x",
        headers={"content-type": "application/x-www-form-urlencoded"},
    ),
    "ask_translation": Row(citizens(404), {"language": "en_GB"}, {"id": THE_MESSAGE}),
    **dict.fromkeys(
        ("change_message_status", "change_message_status_v1"),
        Row(citizens(404), {"change_type": "archiving", "is_archived": True}, {"id": THE_MESSAGE}),
    ),
}
