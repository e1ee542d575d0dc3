"""Calls that meet the answers about organisations, their applications and their delegations."""

import re
from typing import Any, Final

from infra.local.sandbox.seed import (
    LIMITED_KEY,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from lib.use_cases.organizations.limit_callers import MOST
from tests.host.host_process import wait_for
from tests.journeys.answers.batches import approved_batches
from tests.journeys.answers.paths import PACKED
from tests.journeys.answers.templates import taken_templates
from tests.journeys.support import Journeys

APPLICATIONS: Final = "/api/v1/organizations"
CONFIRMATIONS: Final = "/api/v1/organization-confirmations"
OPERATIONS: Final = "/api/operations/v1/organizations"
GIVEN: Final = "/api/v1/delegations/given"
RECEIVED: Final = "/api/v1/delegations/received"
BODY: Final = BODIES[0].fiscal_code
INTERMEDIARY: Final = BODIES[1].fiscal_code
WORKERS: Final = 2


def organizations(journeys: Journeys) -> None:
    """Meet every answer about organisations."""
    key = _joined(journeys, INTERMEDIARY)
    _refused(journeys, APPLICATIONS, {"fiscal_code": "1"}, key=None)
    _refused(journeys, CONFIRMATIONS, {"code": ""}, key=None)
    own = f"{APPLICATIONS}/{INTERMEDIARY}"
    _answers(journeys, "GET", own, 200, key=key)
    _answers(journeys, "GET", f"{APPLICATIONS}/{BODY}", 404, key=key)
    _answers(journeys, "GET", f"{APPLICATIONS}/x", 400, key=key)
    _answers(journeys, "GET", own, 401, key="nobody's")
    _answers(journeys, "GET", own, 403, key=SENDER_KEY)
    _manage_keys(journeys, key)
    _delegations(journeys, key)
    _operations(journeys)
    for path, body in (
        (APPLICATIONS, {"fiscal_code": "00000000059"}),
        (CONFIRMATIONS, {"code": "x"}),
    ):
        found = {
            journeys.call("POST", path, json=body).status_code for _ in range(WORKERS * MOST + 1)
        }
        assert 429 in found, path


def _joined(journeys: Journeys, fiscal_code: str) -> str:
    """Let a body join, and return its manage key."""
    applied = journeys.call("POST", APPLICATIONS, json={"fiscal_code": fiscal_code})
    assert applied.status_code == 202, applied.text

    def look() -> list[str]:
        answer = journeys.call(
            "GET", "/sandbox/notifications", params={"message_id": applied.json()["id"]}
        )
        return re.findall(r"[0-9A-Z]{26}-[0-9a-f]{32}", answer.text)

    code = wait_for(look)[0]
    confirmed = journeys.call("POST", CONFIRMATIONS, json={"code": code})
    assert confirmed.status_code == 200, confirmed.text
    unknown = journeys.call("POST", CONFIRMATIONS, json={"code": "x"})
    assert unknown.status_code == 404, unknown.text
    return str(confirmed.json()["primary_key"])


def _manage_keys(journeys: Journeys, primary: str) -> None:
    """Meet the answers about replacing manage keys; `primary` is the key that stays."""
    for base, key, weak in (
        (APPLICATIONS, primary, SENDER_KEY),
        (OPERATIONS, OPERATOR_KEY, MANAGE_KEY),
    ):
        path = f"{base}/{INTERMEDIARY}/keys/secondary"
        _answers(journeys, "PUT", path, 200, key=key)
        _answers(journeys, "PUT", path.replace("secondary", "third"), 400, key=key)
        _answers(journeys, "PUT", path, 401, key="nobody's")
        _answers(journeys, "PUT", path, 403, key=weak)
        _answers(journeys, "PUT", path.replace(INTERMEDIARY, "00000000059"), 404, key=key)
    own = f"{APPLICATIONS}/{INTERMEDIARY}/keys/primary"
    _answers(journeys, "PUT", own, 409, key=primary)


def _delegations(journeys: Journeys, key: str) -> None:
    given, received = f"{GIVEN}/{INTERMEDIARY}", f"{RECEIVED}/{ORGANIZATION}"
    keys = f"{received}/services/{SERVICE_ID}/keys"
    one = f"{keys}/primary"
    _answers(journeys, "GET", keys, 404, key=key)
    _answers(journeys, "PUT", one, 404, key=key)
    _answers(journeys, "PUT", received, 200, key=key, json={})
    _answers(journeys, "GET", keys, 409, key=key)
    _answers(journeys, "PUT", one, 409, key=key)
    _answers(journeys, "PUT", given, 200, key=MANAGE_KEY, json={})
    for path, of in ((given, MANAGE_KEY), (received, key)):
        base = path.rpartition("/")[0]
        _refused(journeys, path, {"call_limit": 0}, key=of, method="PUT")
        _answers(journeys, "GET", base, 200, key=of)
        _answers(journeys, "GET", f"{base}?limit=1", 400, key=of)
        _answers(journeys, "GET", f"{path}/messages", 200, key=of)
        _answers(journeys, "GET", f"{base}/x/messages", 400, key=of)
        _answers(journeys, "DELETE", f"{base}/x", 400, key=of)
        _answers(journeys, "GET", f"{base}/{BODY}/messages", 404, key=of)
        _answers(journeys, "DELETE", f"{base}/{BODY}", 404, key=of)
        for method, place in (
            ("GET", base),
            ("GET", f"{path}/messages"),
            ("PUT", path),
            ("DELETE", path),
        ):
            _answers(journeys, method, place, 401, key="nobody's", json={})
            _answers(journeys, method, place, 403, key=SENDER_KEY, json={})
    for method, path in (("GET", keys), ("PUT", one)):
        _answers(journeys, method, path, 200, key=key)
        _answers(journeys, method, path.replace(ORGANIZATION, "x"), 400, key=key)
        _answers(journeys, method, path, 401, key="nobody's")
        _answers(journeys, method, path, 403, key=LIMITED_KEY)
    replaced = journeys.as_sender("PUT", one, key=key)
    taken_templates(journeys, replaced.json()["primary_key"])
    approved_batches(journeys, replaced.json()["primary_key"])
    _answers(journeys, "DELETE", received, 200, key=key)
    _answers(journeys, "DELETE", given, 200, key=MANAGE_KEY)


def _operations(journeys: Journeys) -> None:
    invitation = {"fiscal_code": BODY, "name": "Software", "email": "pec@software.example.org"}
    approval, suspension = (f"{OPERATIONS}/{INTERMEDIARY}/{name}" for name in _DECISIONS)
    reason = {"reason": "The key was found."}
    _answers(journeys, "POST", OPERATIONS, 202, key=OPERATOR_KEY, json=invitation)
    _refused(journeys, OPERATIONS, {}, key=OPERATOR_KEY)
    _answers(journeys, "GET", OPERATIONS, 200, key=OPERATOR_KEY)
    _answers(journeys, "GET", f"{OPERATIONS}?state=x", 400, key=OPERATOR_KEY)
    _answers(journeys, "POST", suspension, 200, key=OPERATOR_KEY, json=reason)
    _refused(journeys, suspension, {}, key=OPERATOR_KEY)
    _answers(journeys, "POST", approval, 200, key=OPERATOR_KEY)
    for name, body in zip(_DECISIONS, (None, reason), strict=True):
        _answers(journeys, "POST", f"{OPERATIONS}/{BODY}/{name}", 404, key=OPERATOR_KEY, json=body)
        _answers(journeys, "POST", f"{OPERATIONS}/x/{name}", 400, key=OPERATOR_KEY, json=body)
    for method, path, body in (
        ("GET", OPERATIONS, None),
        ("POST", OPERATIONS, invitation),
        ("POST", approval, None),
        ("POST", suspension, reason),
    ):
        _answers(journeys, method, path, 401, key="nobody's", json=body)
        _answers(journeys, method, path, 403, key=SENDER_KEY, json=body)


_DECISIONS: Final = ("approval", "suspension")


def _refused(
    journeys: Journeys, path: str, wrong: Any, *, key: str | None, method: str = "POST"
) -> None:
    """Meet the refusals of a body: wrong, too long, compressed."""
    named = {} if key is None else {"Ocp-Apim-Subscription-Key": key}
    refusals: tuple[tuple[int, dict[str, str], dict[str, Any]], ...] = (
        (400, {}, {"json": wrong}),
        (413, {}, {"data": b" " * 70_000}),
        (415, PACKED, {"data": b"{}"}),
    )
    for status, headers, body in refusals:
        answer = journeys.call(method, path, headers={**named, **headers}, **body)
        assert answer.status_code == status, answer.text


def _answers(
    journeys: Journeys, method: str, path: str, status: int, *, key: str, json: Any = None
) -> None:
    answer = journeys.as_sender(method, path, key=key, **({} if json is None else {"json": json}))
    assert answer.status_code == status, f"{method} {path}: {answer.text}"
