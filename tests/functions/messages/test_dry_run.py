"""A dry run checks a message as its submission would, predicts the rest, and writes nothing."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.payments import a_payment, payable, send_update
from tests.builders.services import with_groups, with_service
from tests.doubles.counted_stack import CountedStack
from tests.stack import Stack

DUE = {"due_date": "2027-06-30T21:59:59Z"}


async def test_the_prediction_is_what_the_submission_does(stack: Stack) -> None:
    """The planned days are those of the message, and the warnings are those of its answer."""
    message = a_message(content={"due_date": "2027-06-30T10:00:00"}, unknown=1)

    run = await stack.call("dry_run_message", message)

    sent = await stack.call("submit_message", message, headers={"prefer": "include=warnings"})
    await stack.drain()
    path = {"fiscal_code": CITIZEN, "id": sent.body["id"]}
    reminders = (await stack.call("read_sent_reminders", path=path)).body
    assert run.status == 200
    assert run.body["warnings"] == sent.body["warnings"]
    assert run.headers["Recapito-Warnings"] == sent.headers["Recapito-Warnings"]
    expected, planned = run.body["reminders"], reminders["to_come"]
    assert [(one["at"][:13], one["days_before"]) for one in expected] == [
        (one["at"][:13], one["days_before"]) for one in planned
    ]
    assert run.body["recipient"] == "REACHABLE"
    assert run.body["channels"] == ["INBOX", "PUSH", "EMAIL"]
    assert run.body["cost_microcents"] > 0


async def test_a_dry_run_writes_nothing(counted: CountedStack) -> None:
    """It reads what the checks need, and stores and queues nothing.

    The first one of a day writes an entry of the citizen's access log, as each look does.
    """
    await counted.call("dry_run_message", a_message())
    counted.reset()

    reply = await counted.call("dry_run_message", a_message(content=payable()))

    assert reply.status == 200
    assert counted.documents == {"read": 3}
    assert counted.queues == {}


@pytest.mark.parametrize(
    ("citizen", "expected"),
    [
        ("BLOCKD00A00A000A", "NOT_ALLOWED"),
        ("NOPROF00A00A000A", "NOT_FOUND"),
        ("INBOFF00A00A000A", "NOT_FOUND"),
    ],
)
async def test_a_dry_run_tells_no_more_of_a_citizen_than_a_check_of_the_recipient(
    stack: Stack, citizen: str, expected: str
) -> None:
    """No profile and no inbox look alike, and the channels do not tell of the citizen."""
    run = await stack.call("dry_run_message", a_message(fiscal_code=citizen, content=DUE))

    assert run.body["recipient"] == expected
    reachable = await stack.call("dry_run_message", a_message(content=DUE))
    assert run.body["channels"] == reachable.body["channels"]
    assert [one["days_before"] for one in run.body["reminders"]] == [
        one["days_before"] for one in reachable.body["reminders"]
    ]


async def test_a_key_that_may_not_check_recipients_learns_nothing_of_them(stack: Stack) -> None:
    """Without the group for profiles the answer says nothing of the citizen."""
    key = await with_groups(stack, Group.MESSAGE_WRITE)

    run = await stack.call("dry_run_message", a_message(), key=key)

    assert run.status == 200
    assert "recipient" not in run.body


async def test_a_secure_message_uses_no_email(stack: Stack) -> None:
    """The channels are those that the message allows."""
    message = a_message(content={"require_secure_channels": True})

    run = await stack.call("dry_run_message", message)

    assert run.body["channels"] == ["INBOX", "PUSH"]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (a_message(content={"subject": "x"}), None),
        (a_message(fiscal_code=None), None),
        (a_message(fiscal_code="RSSMRA80A01H501U"), LIMITED_KEY),
        (a_message(content={"payment_data": a_payment(amount=1_000_001)}), None),
        (a_message(content={"third_party_data": {"id": "x"}}), None),
    ],
)
async def test_a_dry_run_is_refused_as_the_submission(stack: Stack, body: Any, key: Any) -> None:
    """Status, title, detail and fields are the same."""
    given = {} if key is None else {"key": key}

    run = await stack.call("dry_run_message", body, **given)
    sent = await stack.call("submit_message", body, **given)

    assert run.status >= 400
    assert (run.status, run.body) == (sent.status, sent.body)


async def test_the_brake_and_the_strict_mode_hold(stack: Stack) -> None:
    """A paid payment is refused as at the submission, and so is a warning in the strict mode."""
    await with_service(stack, duplicate_policy="REFUSE")
    odd = a_message(unknown=1)

    strict = await stack.call("dry_run_message", odd, headers={"prefer": "handling=strict"})
    await send_update(
        stack, {"event_id": "e", "occurred_at": "2026-11-23T08:00:00Z", "outcome": "PAID"}
    )
    braked = await stack.call("dry_run_message", a_message(content=payable()))

    assert (strict.status, braked.status) == (400, 409)
