"""Calls that meet every declared answer about sent messages, reports and withdrawals."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, OPERATOR_KEY, SENDER_KEY
from tests.builders.payment_notices import a_notice, number
from tests.journeys.answers.paths import NOTICES, NOWHERE, PACKED
from tests.journeys.support import SUBMIT, Journeys

SENT: Final = "/api/v1/sent-messages"
SEARCH: Final = f"{SENT}/search"
REPORTS: Final = "/api/v1/reports/messages"
WITHDRAWALS: Final = "/api/v1/withdrawals"
REASON: Final = {"reason": "L'importo era sbagliato."}
TOO_LONG: Final = b" " * 600_000
"""Longer than the longest list of messages to withdraw."""
UNCOUNTED_KEY: Final = "?subscription-key=%C3%A8"
"""A key that is not ASCII: it is refused, and does not count as a guess of this address."""


def sent_messages(journeys: Journeys) -> None:
    """Meet every answer about the list of sent messages, about reports and withdrawals."""
    _lists(journeys)
    _withdrawal(journeys)
    _recalls(journeys)


def _keys(journeys: Journeys, method: str, path: str, **more: Any) -> None:
    """Meet the refusals of a wrong key and of a key without the right."""
    _answers(journeys, method, path + UNCOUNTED_KEY, 401, key="", **more)
    _answers(journeys, method, path, 403, key=OPERATOR_KEY, **more)


def _lists(journeys: Journeys) -> None:
    for path, wrong in (
        (SENT, "page_size=0"),
        (f"{SENT}/changes", "cursor=x"),
        (REPORTS, "from=2026-13-01"),
        (f"{REPORTS}.csv", "bom=perhaps"),
    ):
        _answers(journeys, "GET", path, 200)
        _answers(journeys, "GET", f"{path}?{wrong}", 400)
        _keys(journeys, "GET", path)
    _writes(journeys, SEARCH, 200, {"fiscal_code": CITIZEN}, wrong={"fiscal_code": "nobody"})


def _withdrawal(journeys: Journeys) -> None:
    path = f"{SUBMIT}/{CITIZEN}/{{}}/withdrawal"
    own = path.format(journeys.deliver())
    _writes(journeys, own, 200, REASON, wrong={})
    _answers(journeys, "POST", own, 403, key=LIMITED_KEY, json=REASON)
    _answers(journeys, "POST", path.format(NOWHERE), 404, json=REASON)
    notice = a_notice(notice_number=number(905), fiscal_code=CITIZEN)
    of_notice = _answers(journeys, "POST", NOTICES, 201, json=notice)["message_id"]
    _answers(journeys, "POST", path.format(of_notice), 409, json=REASON)


def _recalls(journeys: Journeys) -> None:
    messages = [f"{CITIZEN}/{journeys.deliver()}"]
    recall = _writes(journeys, WITHDRAWALS, 202, {**REASON, "messages": messages}, wrong=REASON)
    own = f"{WITHDRAWALS}/{recall['id']}"
    _answers(journeys, "GET", own, 200)
    _answers(journeys, "GET", f"{WITHDRAWALS}/x", 400)
    _keys(journeys, "GET", own)
    _answers(journeys, "GET", f"{WITHDRAWALS}/{NOWHERE}", 404)
    # a span long ago, since the other calls need their messages
    span = {**REASON, "since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}
    empty = {**span, "until": span["since"]}
    for path, status in ((f"{SENT}/withdrawal", 202), ("/api/v1/dry-runs/withdrawals", 200)):
        _writes(journeys, path, status, span, wrong=empty)


def _writes(journeys: Journeys, path: str, status: int, body: Any, *, wrong: Any) -> Any:
    """Meet the success of a POST and the refusals of its body and of its key."""
    answer = _answers(journeys, "POST", path, status, json=body)
    _answers(journeys, "POST", path, 400, json=wrong)
    _keys(journeys, "POST", path, json=body)
    _answers(journeys, "POST", path, 413, data=TOO_LONG)
    _answers(journeys, "POST", path, 415, data=b"{}", headers=PACKED)
    return answer


def _answers(
    journeys: Journeys, method: str, path: str, status: int, *, key: str = SENDER_KEY, **more: Any
) -> Any:
    """Call, check the status, and return the decoded body, or None for a file."""
    answer = journeys.as_sender(method, path, key=key, **more)
    assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
    return answer.json() if "json" in answer.headers["content-type"] else None
