"""A message that joined its payment and was not delivered leaves it, before it expires."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.contract import FailedItemError
from functions.queues.messages import fan_out_message
from lib.domain.profiles.choices import Rejection
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.batches.settled_messages import SettledMessages
from lib.repositories.messages.messages import Messages
from lib.use_cases.batches.sending import send_row
from tests.builders.payments import payable
from tests.functions.batches.batch_calls import (
    CITIZENS,
    a_number,
    ask,
    checked,
    fails,
    state,
    with_citizens,
)
from tests.functions.personal_data.lives import VICTIM
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack, take


async def test_a_message_that_failed_and_expired_has_left_its_payment(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its run joined the payment before it failed, and no message leads there any more."""
    await stack.submit(fiscal_code=VICTIM, content=payable())
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)

    async def broken(*_: Any, **__: Any) -> None:
        raise ValueError

    monkeypatch.setattr(Messages, "deliver", broken)
    with pytest.raises(FailedItemError):
        await fan_out_message.consume(stack.app, item.text, last=True)
    assert "payments" in places_of(tmp_path, VICTIM)
    for _ in range(2):
        await fan_out_message.dead_letter(stack.app, item.text)

    assert "payments" not in places_of(tmp_path, VICTIM)
    monkeypatch.undo()
    (letter,) = await stack.app.operations.replay_dead_letter.list(MESSAGE_SUBMITTED, 1)
    await stack.app.operations.replay_dead_letter(MESSAGE_SUBMITTED, letter.id)
    await stack.drain()
    assert "payments" in places_of(tmp_path, VICTIM)


async def test_a_message_that_a_later_run_rejects_has_left_its_payment(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that joined it died before the delivery; then the citizen closed the inbox."""
    await stack.submit(fiscal_code=VICTIM, content=payable())

    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(Messages, "deliver", away)
        (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
        await stack.queue.delete(MESSAGE_SUBMITTED, item)
        await fan_out_message.consume(stack.app, item.text, last=False)
    assert "payments" in places_of(tmp_path, VICTIM)
    await _close_inbox(stack, VICTIM)

    await fan_out_message.consume(stack.app, item.text, last=False, again=True)

    assert "payments" not in places_of(tmp_path, VICTIM)


@pytest.mark.parametrize("reason", ["USER_NOT_FOUND", "RECIPIENT_NOT_ALLOWED"])
async def test_a_row_that_a_later_run_rejects_has_left_its_payment(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    """The run that let it join died; then the citizen, or the sender's rights, excluded it."""
    citizen = CITIZENS[0]
    await with_citizens(stack)
    row = [citizen, a_number(7), "84,50", "03/12/2026"]
    id_ = await checked(stack, [row], header=("cf", "numero_avviso", "importo", "scadenza"))
    with monkeypatch.context() as patched:
        patched.setattr(SettledMessages, "create", fails)
        assert (await ask(stack, "send_batch", id_)).status == 202
        await stack.drain()
    assert "payments" in places_of(tmp_path, citizen)

    if reason == "RECIPIENT_NOT_ALLOWED":
        refusal = Rejection.RECIPIENT_NOT_ALLOWED
        monkeypatch.setattr(send_row, "row_refusal", lambda *_: refusal)
    else:
        await _close_inbox(stack, citizen)
    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert (await state(stack, id_))["progress"]["outcomes"] == {"REJECTED": 1}
    assert "payments" not in places_of(tmp_path, citizen)


async def _close_inbox(stack: Stack, citizen: str) -> None:
    profile = (await stack.call("read_profile", citizen=citizen)).body
    changes = {**profile, "is_inbox_enabled": False}
    reply = await stack.call("update_profile", changes, citizen=citizen)
    assert reply.status == 200, reply
