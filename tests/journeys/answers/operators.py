"""Calls that meet the answers to an operator, to a child and to guessed keys."""

import re
from typing import Any

import jwt

from infra.local.sandbox.seed import (
    OPERATOR_KEY,
    SENDER_KEY,
)
from infra.local.sandbox.tokens import TokenIssuer
from lib.use_cases.identity.failed_calls import MAX_FAILURES
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import (
    DEAD_LETTERS,
    NOWHERE,
    PACKED,
    REPLAYS,
)
from tests.journeys.support import Journeys


def strangers(journeys: Journeys) -> None:
    """Meet the answers to a child and to a client that guesses keys, at every endpoint."""
    issuer = TokenIssuer(journeys.host.folder, "", "")
    adult = journeys.token()
    claims = jwt.decode(adult, options={"verify_signature": False})
    headers = {"kid": jwt.get_unverified_header(adult)["kid"]}
    child = jwt.encode({**claims, "birthdate": "2020-01-01"}, issuer.key, "ES256", headers)
    declared = journeys.session.declared
    for method, template, status in sorted(declared.answers - declared.met):
        path = re.sub(r"{\w+}", "x", template)
        if status == 403:
            journeys.as_citizen(method, path, token=child, json={})
        # each worker counts for itself
        for guess in range(4 * MAX_FAILURES if status == 429 else 0):
            key = f"a-guess-{guess}"
            if journeys.as_sender(method, path, key=key, json={}).status_code == 429:
                break


def replays(journeys: Journeys) -> None:
    """Meet every answer to a replay of an item that no attempt can decode."""
    queue = f"{DEAD_LETTERS}/message-submitted"
    journeys.call("POST", "/admin/functions/fan_out_message_poison", json={"input": "{}"})

    def look() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = journeys.as_sender("GET", queue, key=OPERATOR_KEY).json()[
            "items"
        ]
        return items

    letter = wait_for(look)[0]
    for status, path, key in (
        (200, f"{queue}/{letter['id']}", OPERATOR_KEY),
        (400, f"{queue}/{NOWHERE}", OPERATOR_KEY),
        (401, f"{queue}/{'0' * 32}", "nobody's"),
        (403, f"{queue}/{'0' * 32}", SENDER_KEY),
        (404, f"{queue}/{'0' * 32}", OPERATOR_KEY),
    ):
        answer = journeys.as_sender("GET", path, key=key)
        assert answer.status_code == status, f"{path}: {answer.text}"
    for status, path, key in (
        (200, f"{REPLAYS}/erasure-due", OPERATOR_KEY),
        (400, f"{REPLAYS}/A", OPERATOR_KEY),
        (401, f"{REPLAYS}/message-submitted", "nobody's"),
        (403, f"{REPLAYS}/message-submitted", SENDER_KEY),
        (404, f"{REPLAYS}/no-such-queue", OPERATOR_KEY),
    ):
        answer = journeys.as_sender("POST", path, key=key, json={"reason": "It is repaired."})
        assert answer.status_code == status, f"{path}: {answer.text}"
    for status, path, key in (
        (202, f"{queue}/{letter['id']}/replay", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}/A/{'0' * 32}/replay", OPERATOR_KEY),
        (400, f"{queue}/{NOWHERE}/replay", OPERATOR_KEY),
        (401, f"{queue}/{'0' * 32}/replay", "nobody's"),
        (403, f"{queue}/{'0' * 32}/replay", SENDER_KEY),
        (404, f"{queue}/{'0' * 32}/replay", OPERATOR_KEY),
    ):
        answer = journeys.as_sender("POST", path, key=key)
        assert answer.status_code == status, f"{path}: {answer.text}"
    for path in (f"{REPLAYS}/message-submitted", f"{queue}/{'0' * 32}/replay"):
        for status, headers, body in ((413, {}, b" " * 70_000), (415, PACKED, b"{}")):
            answer = journeys.as_sender("POST", path, key=OPERATOR_KEY, data=body, headers=headers)
            assert answer.status_code == status, f"{path}: {answer.text}"
