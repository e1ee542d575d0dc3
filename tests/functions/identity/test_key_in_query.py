"""The key may stand in the query, as IO's gateway takes it, and no log has it there."""

import logging
from typing import Any

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, SENDER_KEY
from tests.builders.messages import a_message
from tests.doubles.telemetry import Kept
from tests.stack import Stack


@pytest.mark.parametrize("name", ["subscription-key", "Subscription-Key"])
@pytest.mark.parametrize(
    ("endpoint", "key", "body"),
    [
        ("submit_message", SENDER_KEY, a_message()),
        ("read_reminder_policy", MANAGE_KEY, None),
        ("read_status", OPERATOR_KEY, None),
    ],
)
async def test_a_key_in_the_query_is_taken(
    stack: Stack, endpoint: str, key: str, body: Any, name: str
) -> None:
    """Keys of senders, managers and operators; endpoints of our own do not refuse the name."""
    reply = await stack.call(endpoint, body, key=None, query={name: key})

    assert reply.status in {200, 201}
    assert "Recapito-Warnings" not in reply.headers


async def test_the_key_of_the_header_comes_first(stack: Stack) -> None:
    """An empty header is no key."""
    wrong = {"subscription-key": "wrong"}
    right = {"subscription-key": SENDER_KEY}

    for key, query, status in (
        (SENDER_KEY, wrong, 201),
        ("wrong", right, 401),
        ("", right, 201),
        (None, wrong, 401),
        (None, {"subscription-key": "Sè"}, 401),
    ):
        reply = await stack.call("submit_message", a_message(), key=key, query=query)
        assert reply.status == status


@pytest.mark.parametrize("crashes", [False, True])
async def test_no_log_has_a_key_of_a_query(
    stack: Stack,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    crashes: bool,
) -> None:
    """Whether the call is accepted, refused or broken."""
    caplog.set_level(logging.DEBUG)

    async def crash(*_: object, **__: object) -> None:
        raise ValueError(SENDER_KEY)

    if crashes:
        monkeypatch.setattr(stack.store, "create", crash)
    for key in (SENDER_KEY, "a-wrong-key-of-a-sender"):
        reply = await stack.call(
            "submit_message", a_message(), key=None, query={"subscription-key": key}
        )
        assert key not in repr(reply)

    logged = repr(([span.to_json() for span in kept.spans], kept.logs, caplog.records, caplog.text))
    assert SENDER_KEY not in logged
    assert "a-wrong-key-of-a-sender" not in logged
