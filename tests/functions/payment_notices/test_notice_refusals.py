"""A payment notice that breaks a rule is refused, and nothing is stored."""

from typing import Any

import pytest

from lib.domain.shared.values import timestamp
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.payment_notices import (
    NUMBER,
    a_notice,
    number,
    read,
    send,
)
from tests.doubles.clock import START
from tests.stack import Stack, refusal
from tests.stored import (
    is_number_taken,
)

WRONG = number(1)[:16] + "00"


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"notice_number": WRONG}, "/notice_number", f"digits {NUMBER[16:]}, not 00"),
        ({"notice_number": "4" * 18}, "/notice_number", "18 digits, the first of them 0 to 3"),
        ({"notice_number": "3" * 17}, "/notice_number", "18 digits, the first of them 0 to 3"),
        ({"notice_number": None}, "/notice_number", "is needed beside"),
        ({"amount_cents": None}, "/amount_cents", "is needed beside"),
        ({"due_date": None}, "/due_date", "is needed beside"),
        (
            {"notice_number": None, "amount_cents": None, "due_date": None},
            "/notice_number",
            "is needed, or instalments",
        ),
        ({"amount_cents": 0}, "/amount_cents", "whole number from 1 to"),
        ({"amount_cents": 1.5}, "/amount_cents", "whole number from 1 to"),
        ({"amount_cents": 1_000_001}, "/amount_cents", "at most 1000000"),
        ({"due_date": "2026-11-22"}, "/due_date", "is past"),
        ({"due_date": timestamp(START)}, "/due_date", "is past"),
        ({"due_date": "2099-12-31"}, "/due_date", "2099-12-31"),
        ({"due_date": "9999-12-31T23:59:59Z"}, "/due_date", "more than five years"),
        ({"due_date": "2027-02-30"}, "/due_date", "must be a day such as"),
        ({"due_date": "30/06/2027"}, "/due_date", "must be a day such as"),
        ({"due_date": "2027-06-30T10:00"}, "/due_date", "date and time"),
        ({"subject": "too short"}, "/subject", "10 to 120"),
        ({"description": ""}, "/description", "1 to 2000"),
        ({"description": "x" * 2001}, "/description", "1 to 2000"),
        ({"fiscal_code": "x"}, "/fiscal_code", "16 characters"),
        ({"payee": "1"}, "/payee", "11 digits"),
    ],
)
async def test_a_wrong_field_is_named(
    stack: Stack, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    """The answer names the field and the rule; nothing is stored or queued."""
    reply = await send(stack, a_notice(**changes))

    assert reply.status == 400
    (error,) = reply.body["errors"]
    assert error["pointer"] == pointer
    assert rule in error["detail"]
    assert not await is_number_taken(stack)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0


async def test_a_notice_may_be_due_today(stack: Stack) -> None:
    """A due date of today is accepted, since the day ends at midnight in Italy."""
    reply = await send(stack, a_notice(due_date="2026-11-23"))

    assert reply.status == 201
    assert (await read(stack)).body["due_date"] == "2026-11-23T22:59:59.000Z"


@pytest.mark.parametrize(
    ("sent", "pointer", "detail"),
    [
        ({"instalment": []}, "/instalment", "unknown field: did you mean instalments?"),
        ({"fiscalcode": "x"}, "/fiscalcode", "unknown field"),
        ({"xyz": 1}, "/xyz", "unknown field"),
    ],
)
async def test_unknown_fields_are_refused(
    stack: Stack, sent: dict[str, Any], pointer: str, detail: str
) -> None:
    """A field with a misspelt name is refused, so that no notice is sent without it."""
    reply = await send(stack, a_notice(**sent))

    assert refusal(reply)[:2] == (400, "Invalid PaymentNotice")
    assert reply.body["errors"] == [{"pointer": pointer, "code": "UNKNOWN_FIELD", "detail": detail}]
