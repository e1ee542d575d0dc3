"""The cases of senders' endpoints: what was sent, and what a service has set."""

from collections.abc import Mapping
from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice, an_amendment
from tests.builders.payments import a_payment
from tests.functions.identity.rights.callers import (
    CALLERS,
    INTERMEDIARY,
    LIMITED,
    OF_SERVICE,
    OTHER_INTERMEDIARY,
    SIBLING,
    TRIAL,
)
from tests.functions.identity.rights.cases import OWN, Case, of_payee, of_service, sent

_MESSAGE: Final = {"fiscal_code": CITIZEN, "id": "<message>"}
_RPT: Final = {"rpt_id": "<rpt_id>"}
_WARNINGS: Final = {"prefer": "include=warnings"}
_NOT_TO_CITIZEN: Final = dict.fromkeys((LIMITED, TRIAL), 403)
_NOTICE: Final = a_notice(notice_number="<notice_number>", payee=ORGANIZATION, amount_cents=1)
_UPDATE: Final = {"event_id": "e", "occurred_at": "2026-11-23T08:00:00Z", "outcome": "PAID"}
_MANAGERS: Final = {name: OWN for name, one in CALLERS.items() if one.scheme == "ManageKey"}
_TAKEN: Final = {SIBLING: 409, OTHER_INTERMEDIARY: 409}
_SAME: Final = a_message(content={"subject": "<subject>"}, reference="<reference>")
_ASKING: Final = a_message(
    content={
        "payment_data": a_payment(notice_number="<number>"),
        "due_date": "2027-06-30T21:59:59Z",
    }
)
_SELECTION: Final = {
    "reason": "Errore",
    "since": "2020-01-01T00:00:00Z",
    "until": "2030-01-01T00:00:00Z",
    "reference": "<reference>",
}
_REPLACING: Final = a_message(supersedes="<message>")


def _without_recipient(body: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name != "fiscal_code"}


def _submitted(
    to: Mapping[str, str], *, is_dry: bool = False, in_path: bool = False
) -> tuple[Case, ...]:
    """Return the cases of a submission, which names or repeats something of another sender."""
    shape = _without_recipient if in_path else dict
    key = {} if is_dry or in_path else {"idempotency-key": "<key>"}
    return (
        *sent(OWN, writes=True, cells=_NOT_TO_CITIZEN, path=to, body=shape(_SAME), headers=key),
        *sent(
            OWN,
            writes=True,
            cells=_NOT_TO_CITIZEN,
            path=to,
            body=shape(_ASKING),
            headers={} if is_dry else _WARNINGS,
            shared=("payments",),
        ),
        *sent(403, writes=True, cells=_NOT_TO_CITIZEN, path=to, body=shape(_REPLACING)),
    )


def _notice_cases(others: int, **case: Any) -> tuple[Case, ...]:
    return sent(others, path=_RPT, **case)


_LISTED: Final = ("message", "reference")
ROWS: Final[Mapping[str, tuple[Case, ...]]] = {
    "find_recipient": sent(OWN, writes=True, cells=_NOT_TO_CITIZEN, body={"fiscal_code": CITIZEN})[
        :1
    ],
    "read_recipient": sent(OWN, writes=True, cells=_NOT_TO_CITIZEN, path={"fiscal_code": CITIZEN})[
        :1
    ],
    "find_recipients": sent(OWN, body={"fiscal_codes": [CITIZEN]})[:1],
    # the service of this world is not SPECIAL; test_activations.py has services that are
    "find_activation": (Case(OF_SERVICE, (), 403, body={"fiscal_code": CITIZEN}),),
    "change_activation": (
        Case(OF_SERVICE, (), 403, body={"fiscal_code": CITIZEN, "status": "ACTIVE"}),
    ),
    "read_subscriptions_feed": of_service(path={"date": "2026-11-01"}),
    "submit_message": _submitted({}),
    "submit_message_to": _submitted({"fiscal_code": CITIZEN}, in_path=True),
    "read_sent_message": sent(403, path=_MESSAGE, shows=("message",)),
    "read_sent_reminders": sent(403, path=_MESSAGE),
    "dry_run_message": _submitted({}, is_dry=True),
    "dry_run_payment_notice": (
        sent(403, writes=True, body=_NOTICE, cells={**_TAKEN, INTERMEDIARY: 409})[0],
        sent(403, writes=True, body=_NOTICE, cells=_TAKEN)[1],
    ),
    "read_duplicate_policy": of_service(),
    "change_duplicate_policy": of_service(body={"policy": "REFUSE"}),
    "withdraw_message": sent(403, writes=True, path=_MESSAGE, body={"reason": "Errore"}),
    "withdraw_messages": sent(
        OWN,
        writes=True,
        cells=_NOT_TO_CITIZEN,
        body={"reason": "Errore", "messages": [f"{CITIZEN}/<message>"]},
    ),
    "withdraw_selection": sent(OWN, writes=True, cells=_NOT_TO_CITIZEN, body=_SELECTION),
    "dry_run_withdrawal": sent(OWN, writes=True, cells=_NOT_TO_CITIZEN, body=_SELECTION),
    "read_withdrawals": sent(404, path={"id": "<recall>"}, shows=("recall",)),
    "list_sent_messages": sent(OWN, shows=_LISTED, like=SIBLING),
    "search_sent_messages": (
        *sent(OWN, shows=_LISTED, like=SIBLING, body={"fiscal_code": CITIZEN}),
        *sent(OWN, shows=_LISTED, like=SIBLING, body={"reference": "<reference>"}),
    ),
    "list_sent_changes": sent(OWN, shows=_LISTED),
    "list_held_messages": sent(OWN, shows=("held",), like=SIBLING),
    "release_held_message": sent(404, writes=True, path={"id": "<held>"}),
    "drop_held_message": sent(404, writes=True, path={"id": "<held>"}),
    "list_scheduled_messages": sent(OWN, shows=("scheduled",), like=SIBLING),
    "cancel_scheduled_message": sent(404, writes=True, path={"id": "<scheduled>"}),
    "read_evidence": sent(404, path={"evidence_id": "<evidence>"}, shows=("evidence",)),
    "read_payment_statistics": of_service(like=SIBLING),
    "read_payment_statistics_csv": of_service(like=SIBLING),
    "read_message_report": sent(OWN, like=SIBLING),
    "read_message_report_csv": sent(OWN, like=SIBLING),
    "read_reminder_policy": of_service(),
    "change_reminder_policy": of_service(body={"days": [2]}),
    "submit_payment_notice": (
        sent(403, writes=True, body=_NOTICE, cells={**_TAKEN, INTERMEDIARY: 409})[0],
        sent(403, writes=True, body=_NOTICE, cells=_TAKEN)[1],
    ),
    "read_sent_notice": _notice_cases(404, shows=("rpt_id",)),
    "amend_payment_notice": _notice_cases(404, writes=True, body=an_amendment(amount_cents=1)),
    "cancel_payment_notice": _notice_cases(404, writes=True),
    "reopen_payment_notice": _notice_cases(404, writes=True),
    "list_service_topics": sent(OWN, cells=_MANAGERS)[:1],
    "read_limits": sent(OWN, cells=_MANAGERS)[:1],
    "update_payment": of_payee(path=_RPT, body=_UPDATE),
    "update_payments": of_payee(body={"updates": [{**_UPDATE, "rpt_id": "<rpt_id>"}]}),
}
