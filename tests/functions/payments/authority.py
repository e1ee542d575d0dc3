"""What restricted callers get of payments."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import RPT_ID, Row, senders
from tests.builders.payment_notices import NUMBER

EVENT: Final = {"event_id": "e", "occurred_at": "2026-11-23T08:00:00Z", "outcome": "PAID"}
ROWS: Final[Mapping[str, Row]] = {
    "update_payment": Row(senders(other_payees=403), EVENT, {"rpt_id": RPT_ID}),
    "update_payments": Row(
        senders(other_payees=403),
        {
            "updates": [
                {**EVENT, "rpt_id": f"01234567890{NUMBER}"},
                {**EVENT, "rpt_id": RPT_ID},
            ]
        },
    ),
}
