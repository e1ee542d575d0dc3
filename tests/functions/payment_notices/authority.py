"""What restricted callers get of payment notices."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import NO_PAYEE, PAYEE, RPT_ID, Row, senders
from tests.builders.payment_notices import a_notice, an_amendment

_PATH = {"rpt_id": RPT_ID}
_CELLS = senders(**NO_PAYEE, another_service=404)
ROWS: Final[Mapping[str, Row]] = {
    "submit_payment_notice": Row(
        senders(**NO_PAYEE, another_service=409), a_notice(payee=PAYEE, amount_cents=1)
    ),
    "dry_run_payment_notice": Row(
        senders(**NO_PAYEE, another_service=409), a_notice(payee=PAYEE, amount_cents=1)
    ),
    "amend_payment_notice": Row(_CELLS, an_amendment(amount_cents=1), _PATH),
    "cancel_payment_notice": Row(_CELLS, None, _PATH),
    "reopen_payment_notice": Row(_CELLS, None, _PATH),
}
