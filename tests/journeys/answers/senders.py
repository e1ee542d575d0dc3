"""Calls of a sender that meet every declared answer about messages, recipients and policies."""

from typing import Any

from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    SENDER_KEY,
)
from tests.journeys.answers.paths import NOWHERE, PACKED, PROFILES, REMINDER_POLICY
from tests.journeys.support import Journeys


def submissions(journeys: Journeys, path: str, body: dict[str, Any]) -> None:
    """Meet every answer to a submission."""

    def post(status: int, key: str | None = SENDER_KEY, **more: Any) -> None:
        headers = {"Ocp-Apim-Subscription-Key": key, **more.pop("headers", {})}
        answer = journeys.call(
            "POST",
            path,
            headers={name: value for name, value in headers.items() if value is not None},
            **({"json": body} | more),
        )
        assert answer.status_code == status, answer.text

    once: dict[str, Any] = {"headers": {"Idempotency-Key": f"declared {path}".replace(" ", "-")}}
    post(201)
    post(201, **once)
    post(201, **once)
    post(201, json={**body, "unheard_of": 1, "content": {**body["content"], "due_dat": "x"}})
    post(422, json={**body, "time_to_live": 7200}, **once)
    post(400, json={})
    post(400, headers={"Idempotency-Key": "x" * 256})
    post(401, key=None)
    post(401, key="nobody's")
    post(403, key=OPERATOR_KEY)
    remote = {"id": "x", "configuration_id": NOWHERE}
    post(404, json={**body, "content": {**body["content"], "third_party_data": remote}})
    post(413, data=b" " * 300_000, headers={"Content-Type": "application/json"}, json=None)
    post(415, data=b"{}", headers=PACKED, json=None)


def recipients(journeys: Journeys) -> None:
    """Meet every answer to a sender that asks whether a citizen can be reached."""
    for status, citizen, key in (
        (200, CITIZEN, SENDER_KEY),
        (400, "nobody", SENDER_KEY),
        (401, CITIZEN, "nobody's"),
        (403, CITIZEN, OPERATOR_KEY),
        (404, "NOBODY00A00A000A", SENDER_KEY),
    ):
        body = {"fiscal_code": citizen}
        answer = journeys.as_sender("POST", PROFILES, key=key, json=body)
        assert answer.status_code == status, answer.text
        answer = journeys.as_sender("GET", f"{PROFILES}/{citizen}", key=key)
        assert answer.status_code == status, answer.text
    for status, data, headers in ((413, b" " * 70_000, {}), (415, b"{}", PACKED)):
        answer = journeys.as_sender("POST", PROFILES, data=data, headers=headers)
        assert answer.status_code == status, answer.text


def policies(journeys: Journeys) -> None:
    """Meet every answer about a service's reminder policy."""
    for status, method, key, body, tag in (
        (200, "PUT", MANAGE_KEY, {}, "*"),
        (200, "GET", MANAGE_KEY, None, None),
        (401, "GET", "nobody's", None, None),
        (403, "GET", SENDER_KEY, None, None),
        (400, "PUT", MANAGE_KEY, {"hour": 21}, None),
        (400, "PUT", MANAGE_KEY, {}, "unquoted"),
        (401, "PUT", "nobody's", {}, None),
        (403, "PUT", SENDER_KEY, {}, None),
        (412, "PUT", MANAGE_KEY, {"hour": 10}, '"another"'),
        (413, "PUT", MANAGE_KEY, {"padding": " " * 70_000}, None),
    ):
        headers = {"If-Match": tag} if tag else {}
        answer = journeys.as_sender(method, REMINDER_POLICY, key=key, json=body, headers=headers)
        assert answer.status_code == status, f"{method} {status}: {answer.text}"
    answer = journeys.as_sender("PUT", REMINDER_POLICY, key=MANAGE_KEY, data=b"x", headers=PACKED)
    assert answer.status_code == 415
