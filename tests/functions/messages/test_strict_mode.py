"""A sender may ask that a request with a warning is refused."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.doubles.counted_stack import CountedStack
from tests.stack import Stack

STRICT = {"prefer": "handling=strict"}
ODD = {
    **a_message(content={"due_date": "2026-11-22T10:00:00"}),
    "subjekt": "x",
    "fiscal_code": "RSSMRA80A01H501X",
}
"""A message with warnings."""


async def test_a_request_with_warnings_is_refused(counted: CountedStack) -> None:
    """The refusal names each field and rule, and nothing is stored or queued."""
    lenient = await counted.call("submit_message", ODD, headers={"prefer": "include=warnings"})
    counted.reset()

    reply = await counted.call("submit_message", ODD, headers=STRICT)

    assert (reply.status, reply.body["title"]) == (400, "Refused in strict mode")
    named = [fault["pointer"] for fault in reply.body["errors"]]
    assert named == [warning["pointer"] for warning in lenient.body["warnings"]]
    assert "ignored" not in reply.body["detail"]
    assert reply.headers["Preference-Applied"] == "handling=strict"
    assert counted.documents == {}
    assert counted.queues == {}


@pytest.mark.parametrize(
    ("name", "body", "path"),
    [
        ("submit_message", a_message(), None),
        (
            "submit_message_to",
            {name: value for name, value in a_message().items() if name != "fiscal_code"},
            {"fiscal_code": CITIZEN},
        ),
        ("submit_payment_notice", a_notice(), None),
    ],
)
async def test_a_request_without_warnings_is_accepted(
    stack: Stack, name: str, body: Any, path: Any
) -> None:
    """The answer says that the mode was applied."""
    reply = await stack.call(name, body, path=path, headers=STRICT)

    assert reply.status == 201
    assert reply.headers["Preference-Applied"] == "handling=strict"


@pytest.mark.parametrize(
    ("prefer", "status"),
    [
        ("handling=strict", 400),
        ('include=warnings, HANDLING="strict"; x=1', 400),
        ("handling=lenient", 201),
        ("handling=lenient, handling=strict", 201),
        ("strict", 201),
        ("", 201),
    ],
)
async def test_the_header_asks_as_the_standard_says(stack: Stack, prefer: str, status: int) -> None:
    """Names have no case, a value may have quotes, and the first preference of a name counts."""
    reply = await stack.call("submit_message", ODD, headers={"prefer": prefer})

    assert reply.status == status


async def test_an_unknown_field_and_parameter_are_refused(stack: Stack) -> None:
    """A name that IO ignores is refused with its place."""
    body = {**a_message(), "subjekt": "x"}

    reply = await stack.call("submit_message", body, query={"verbose": "1"}, headers=STRICT)

    assert {fault["pointer"] for fault in reply.body["errors"]} == {"/subjekt", "#/query/verbose"}


async def test_a_notice_with_a_warning_is_refused(stack: Stack) -> None:
    """The strict mode also holds for payment notices."""
    body = {**a_notice(), "fiscal_code": "RSSMRA80A01H501X"}

    reply = await stack.call("submit_payment_notice", body, headers=STRICT)

    assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, "/fiscal_code")


async def test_both_preferences_are_applied(stack: Stack) -> None:
    """The answer names the strict mode and the added members."""
    headers = {"prefer": "include=warnings, handling=strict"}

    reply = await stack.call("submit_message", a_message(), headers=headers)

    assert reply.headers["Preference-Applied"] == "handling=strict, include=warnings"
    assert reply.body["warnings"] == []
