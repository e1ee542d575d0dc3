"""Senders read the messages that they sent."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from tests.builders.messages import MARKDOWN
from tests.builders.profiles import with_preference, with_profile
from tests.stack import Reply, Stack


async def read(stack: Stack, id_: str, fiscal_code: str = CITIZEN, **call: Any) -> Reply:
    """Read a message as its sender."""
    return await stack.call(
        "read_sent_message", path={"fiscal_code": fiscal_code, "id": id_}, **call
    )


async def test_a_message_shows_its_content_before_it_is_processed(stack: Stack) -> None:
    """IO's client needs the content in each status."""
    id_ = await stack.submit()

    accepted = (await read(stack, id_)).body
    await stack.drain()
    processed = (await read(stack, id_)).body

    assert (accepted["status"], processed["status"]) == ("ACCEPTED", "PROCESSED")
    content = accepted["message"].pop("content")
    assert content == {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN}
    assert {
        "id": id_,
        "fiscal_code": CITIZEN,
        "created_at": "2026-11-23T09:00:00.000Z",
        "sender_service_id": "sandbox-service",
        "time_to_live": 3600,
        "feature_level_type": "STANDARD",
    } == accepted["message"]
    assert processed["message"]["content"] == content
    assert "read_status" not in processed


async def test_the_sender_does_not_see_why_a_message_was_rejected(stack: Stack) -> None:
    """A missing profile and a closed inbox look the same, as in IO."""
    answers = []
    for fiscal_code in ("NOPROF00A00A000A", "INBOFF00A00A000A"):
        answer = (await read(stack, await stack.deliver(fiscal_code=fiscal_code), fiscal_code)).body
        assert answer.pop("message")["content"]["subject"] == "Tassa sui rifiuti"
        answers.append(answer)

    assert answers[0]["status"] == "REJECTED"
    assert answers[0] == answers[1]


async def test_another_service_s_message_is_forbidden(stack: Stack) -> None:
    """A message of another service gets IO's 403."""
    reply = await read(stack, await stack.deliver(), key=LIMITED_KEY)

    assert (reply.status, reply.body["title"], reply.body["detail"]) == (
        403,
        "You are not allowed here",
        "You are not allowed to read this message, you can only read messages that you have sent",
    )


@pytest.mark.parametrize("id_", ["01J0000000000000000000000A", "x", "a/b"])
async def test_an_unknown_message_is_not_found(stack: Stack, id_: str) -> None:
    """An unknown message gets IO's 404."""
    reply = await read(stack, id_)

    assert (reply.status, reply.body["title"], reply.body["detail"]) == (
        404,
        "Message not found",
        "The message that you requested was not found in the system.",
    )


async def test_a_wrong_fiscal_code_is_refused(stack: Stack) -> None:
    """A wrong fiscal code gets 400, as in a submission."""
    assert (await read(stack, "x", "nobody")).status == 400


@pytest.mark.parametrize(
    ("profile", "preference", "expected"),
    [
        ({}, None, "UNREAD"),
        ({"last_app_version": "2.13.9"}, None, "UNAVAILABLE"),
        ({"last_app_version": "2.14.0.1"}, None, "UNREAD"),
        ({"last_app_version": "UNKNOWN"}, None, "UNAVAILABLE"),
        (
            {"service_preferences_settings": {"mode": "LEGACY", "version": -1}},
            None,
            "UNAVAILABLE",
        ),
        ({}, {"access_read_message_status": "DENY"}, "UNAVAILABLE"),
        ({}, {"access_read_message_status": "ALLOW"}, "UNREAD"),
        ({}, {"access_read_message_status": "DENY", "settings_version": -5}, "UNREAD"),
    ],
)
async def test_the_read_status_needs_the_citizen_s_consent(
    stack: Stack, profile: dict[str, Any], preference: dict[str, Any] | None, expected: str
) -> None:
    """The read status is UNAVAILABLE where the citizen was not asked or refused."""
    await with_profile(stack, **profile)
    id_ = await stack.deliver(feature_level_type="ADVANCED")
    if preference is not None:
        await with_preference(stack, **preference)

    assert expected == (await read(stack, id_)).body["read_status"]


async def test_a_message_that_was_read_is_shown_as_read(stack: Stack) -> None:
    """The read status is READ once the citizen has marked the message."""
    id_ = await stack.deliver(feature_level_type="ADVANCED")
    await stack.call(
        "change_message_status",
        {"change_type": "reading", "is_read": True},
        path={"id": id_},
        citizen=CITIZEN,
    )

    assert (await read(stack, id_)).body["read_status"] == "READ"
