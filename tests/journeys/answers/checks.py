"""Calls that meet the answers of checks before sending, and those about held messages."""

from datetime import timedelta
from typing import Any, Final

from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_KEY,
    MANAGE_KEY,
    OPERATOR_KEY,
    SENDER_KEY,
    SLOW_KEY,
)
from lib.domain.shared.values import parse_timestamp, timestamp
from tests.builders.messages import WITH_WARNINGS, a_message
from tests.builders.payment_notices import a_notice, number
from tests.builders.payments import payable
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import NOTICES, NOWHERE, PACKED
from tests.journeys.support import SUBMIT, Journeys

DRY_RUN: Final = "/api/v1/dry-runs/messages"
NOTICE_DRY_RUN: Final = "/api/v1/dry-runs/payment-notices"
REACHABILITY: Final = "/api/v1/reachability"
POLICY: Final = "/api/v1/duplicate-policy"
HELD: Final = "/api/v1/held-messages"
SCHEDULED: Final = "/api/v1/scheduled-messages"


def checks(journeys: Journeys) -> None:
    """Meet every answer of dry runs and about many recipients, duplicates and waiting messages."""
    _dry_runs(journeys)
    _reachability(journeys)
    _policy(journeys)
    _held_messages(journeys)
    _scheduled_messages(journeys)


def _dry_runs(journeys: Journeys) -> None:
    """Meet the answers of dry runs, and the conflict at the submissions that they predict."""
    notice = a_notice(notice_number=number(911))
    sent = journeys.as_sender("POST", NOTICES, json=notice)
    assert sent.status_code == 201, sent.text
    # no message may supersede that of a notice; until it is stored, the answer is 404
    conflict = a_message(supersedes=sent.json()["message_id"])
    wait_for(
        lambda: journeys.as_sender("POST", DRY_RUN, json=conflict).status_code == 409, seconds=30
    )
    _meets(journeys, 409, "POST", SUBMIT, json=conflict)
    del conflict["fiscal_code"]
    _meets(journeys, 409, "POST", f"{SUBMIT}/{CITIZEN}", json=conflict)

    _meets(journeys, 200, "POST", DRY_RUN, json=a_message())
    remote = {"id": "x", "configuration_id": NOWHERE}
    _meets(journeys, 404, "POST", DRY_RUN, json=a_message(content={"third_party_data": remote}))
    _refuses(journeys, "POST", DRY_RUN, a_message(), {})

    other = {**notice, "fiscal_code": "RSSMRA80A01H501U"}
    _meets(journeys, 200, "POST", NOTICE_DRY_RUN, json=a_notice(notice_number=number(912)))
    _meets(journeys, 409, "POST", NOTICE_DRY_RUN, json=other)
    _refuses(journeys, "POST", NOTICE_DRY_RUN, notice, {})


def _reachability(journeys: Journeys) -> None:
    asked = {"fiscal_codes": [CITIZEN, "NOBODY00A00A000A"]}
    _meets(journeys, 200, "POST", REACHABILITY, json=asked)
    _refuses(journeys, "POST", REACHABILITY, asked, {"fiscal_codes": []})


def _policy(journeys: Journeys) -> None:
    _meets(journeys, 200, "GET", POLICY, key=MANAGE_KEY)
    _meets(journeys, 400, "GET", f"{POLICY}?x=1", key=MANAGE_KEY)
    _meets(journeys, 403, "GET", POLICY, key=SENDER_KEY)
    _without_key(journeys, "GET", POLICY)
    wanted, wrong = {"policy": "ACCEPT"}, {"policy": "x"}
    _refuses(journeys, "PUT", POLICY, wanted, wrong, key=MANAGE_KEY, stranger=SENDER_KEY)


def _held_messages(journeys: Journeys) -> None:
    content = payable(notice_number=number(913))
    journeys.deliver(content=content)
    try:
        _meets(journeys, 200, "PUT", POLICY, key=MANAGE_KEY, json={"policy": "HOLD"})
        # no worker has cached the policy for a key that was not used before
        held = [_hold(journeys, a_message(content=content)) for _ in range(2)]
    finally:
        _meets(journeys, 200, "PUT", POLICY, key=MANAGE_KEY, json={"policy": "ACCEPT"})
    _meets(journeys, 200, "GET", HELD)
    _meets(journeys, 400, "GET", f"{HELD}?limit=0")
    _meets(journeys, 403, "GET", HELD, key=OPERATOR_KEY)
    _without_key(journeys, "GET", HELD)
    for id_, method, below in ((held[0], "POST", "/release"), (held[1], "DELETE", "")):
        path = f"{HELD}/{id_}{below}"
        _meets(journeys, 400, method, f"{path}?x=1")
        _meets(journeys, 403, method, path, key=OPERATOR_KEY)
        _meets(journeys, 404, method, path, key=LIMITED_KEY)
        _without_key(journeys, method, path)
        _meets(journeys, 204, method, path)


def _scheduled_messages(journeys: Journeys) -> None:
    """Meet the answers about messages with a set time, on the clock of this host."""
    now = parse_timestamp(journeys.call("GET", "/sandbox/clock").json()["now"])
    later = a_message(send_at=timestamp(now + timedelta(days=7)))
    id_ = _scheduled(journeys, later)
    _meets(journeys, 200, "GET", SCHEDULED)
    _meets(journeys, 400, "GET", f"{SCHEDULED}?page_size=0")
    _meets(journeys, 403, "GET", SCHEDULED, key=OPERATOR_KEY)
    _without_key(journeys, "GET", SCHEDULED)
    path = f"{SCHEDULED}/{id_}"
    _meets(journeys, 400, "DELETE", f"{path}?x=1")
    _meets(journeys, 403, "DELETE", path, key=OPERATOR_KEY)
    _meets(journeys, 404, "DELETE", path, key=LIMITED_KEY)
    _without_key(journeys, "DELETE", path)
    _meets(journeys, 204, "DELETE", path)
    sent = _scheduled(journeys, a_message(send_at=timestamp(now + timedelta(seconds=10))))
    wait_for(
        lambda: (
            journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{sent}").json()["status"] == "PROCESSED"
        ),
        seconds=60,
    )
    _meets(journeys, 409, "DELETE", f"{SCHEDULED}/{sent}")


def _scheduled(journeys: Journeys, body: dict[str, Any]) -> str:
    """Submit a message for a set time, and return its id."""
    answer = journeys.as_sender("POST", SUBMIT, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _hold(journeys: Journeys, body: dict[str, Any]) -> str:
    """Submit a message, and return its id; fail unless it is held."""
    answer = journeys.as_sender("POST", SUBMIT, key=SLOW_KEY, json=body, headers=WITH_WARNINGS)
    assert answer.status_code == 201, answer.text
    assert "is held" in answer.text
    return str(answer.json()["id"])


def _refuses(
    journeys: Journeys,
    method: str,
    path: str,
    right: Any,
    wrong: Any,
    *,
    key: str = SENDER_KEY,
    stranger: str = OPERATOR_KEY,
) -> None:
    """Meet the refusals: of the body, of a key without the right, of no key."""
    _meets(journeys, 400, method, path, key=key, json=wrong)
    _meets(journeys, 403, method, path, key=stranger, json=right)
    _without_key(journeys, method, path)
    _meets(journeys, 413, method, path, key=key, data=b" " * 600_000)
    _meets(journeys, 415, method, path, key=key, data=b"x", headers=PACKED)


def _without_key(journeys: Journeys, method: str, path: str) -> None:
    answer = journeys.call(method, path)
    assert answer.status_code == 401, f"{method} {path}: {answer.text}"


def _meets(journeys: Journeys, status: int, method: str, path: str, **more: Any) -> None:
    answer = journeys.as_sender(method, path, **more)
    assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
