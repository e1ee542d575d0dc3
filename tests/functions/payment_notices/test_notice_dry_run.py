"""A dry run checks a payment notice as its submission would, and writes nothing."""

from typing import Any

import pytest

from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.payments import PAYEE, an_update, payable, send_update
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack

NUMBER = a_notice()["notice_number"]
WRITES = {"create", "upsert", "replace", "patch", "delete", "batch"}


async def dry_run(stack: Stack, **changes: Any) -> Reply:
    """Return the answer about a notice with these changes."""
    return await stack.call("dry_run_payment_notice", a_notice(**changes))


async def test_a_new_notice_is_predicted(stack: Stack) -> None:
    """The reminders are those that the notice gets when it is sent."""
    run = await dry_run(stack)

    sent = (await stack.call("submit_payment_notice", a_notice())).body
    await stack.drain()
    path = {"fiscal_code": a_notice()["fiscal_code"], "id": sent["message_id"]}
    planned = (await stack.call("read_sent_reminders", path=path)).body["to_come"]
    assert (run.status, run.body["outcome"]) == (200, "NEW")
    assert run.body["rpt_id"] == sent["rpt_id"]
    assert run.body["recipient"] == "REACHABLE"
    assert [(one["at"][:13], one["days_before"]) for one in run.body["reminders"]] == [
        (one["at"][:13], one["days_before"]) for one in planned
    ]


async def test_a_known_notice_would_be_amended_or_stay(stack: Stack) -> None:
    """The outcome tells the two apart, and the stored notice stays as it is."""
    await stack.call("submit_payment_notice", a_notice())
    await stack.drain()

    same, amended = await dry_run(stack), await dry_run(stack, amount_cents=999)

    assert (same.body["outcome"], amended.body["outcome"]) == ("SAME", "AMENDED")
    again = await stack.call("submit_payment_notice", a_notice())
    assert (again.status, again.body["version"]) == (200, 1)


async def test_a_dry_run_writes_nothing(counted: CountedStack) -> None:
    """A new notice, with instalments too, and an amendment store and queue nothing.

    The first one of a day writes an entry of the citizen's access log, as each look does.
    """
    await counted.call("submit_payment_notice", a_notice())
    await counted.drain()
    await dry_run(counted)
    counted.reset()

    for changes in ({}, {"amount_cents": 999}, {"notice_number": "302000000000000184"}):
        assert (await dry_run(counted, **changes)).status == 200

    assert not WRITES & counted.documents.keys()
    assert counted.queues == {}


@pytest.mark.parametrize("case", ["past", "amount", "message", "paid", "debtor"])
async def test_a_dry_run_is_refused_as_the_submission(stack: Stack, case: str) -> None:
    """Status, title, detail and fields are the same."""
    changes: dict[str, Any] = {}
    match case:
        case "past":
            changes = {"due_date": "2020-01-01"}
        case "amount":
            changes = {"amount_cents": 1_000_001}
        case "message":
            await stack.deliver(content=payable(notice_number=NUMBER))
        case "paid":
            await send_update(stack, an_update(), f"{PAYEE}{NUMBER}")
        case _:
            await stack.call("submit_payment_notice", a_notice())
            changes = {"fiscal_code": "RSSMRA80A01H501U"}

    run = await dry_run(stack, **changes)
    sent = await stack.call("submit_payment_notice", a_notice(**changes))

    assert run.status >= 400
    assert (run.status, run.body) == (sent.status, sent.body)


async def test_the_strict_mode_holds(stack: Stack) -> None:
    """A warning refuses the dry run, and is shown without the mode."""
    odd = a_notice(fiscal_code="RSSMRA80A01H501X")

    strict = await stack.call("dry_run_payment_notice", odd, headers={"prefer": "handling=strict"})
    lenient = await stack.call("dry_run_payment_notice", odd)

    assert strict.status == 400
    assert lenient.body["warnings"][0]["pointer"] == "/fiscal_code"


async def test_a_correction_of_anothers_message_is_refused(stack: Stack) -> None:
    """The dry run of a message checks the message that it replaces."""
    unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    body = a_message(supersedes=unknown)

    run = await stack.call("dry_run_message", body)
    sent = await stack.call("submit_message", body)

    assert (run.status, run.body) == (sent.status, sent.body)
    assert run.status == 404
