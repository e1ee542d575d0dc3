"""A process that dies at any write of a request for a certificate, or of its answer."""

import contextlib
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN
from tests.faults.mortal_stack import DeathError, MortalStack
from tests.functions.attachments.file_calls import PDF, download
from tests.functions.certificates.certificate_calls import (
    REFUSAL,
    answer,
    ask,
    asked,
    fulfilment,
    own,
    received,
    save,
    withdraw,
)

WRITES: Final = 12
"""Of the request: the list, the request. Of the answer: its status, the claim on the key, the file,
the message, the item, the status. The rest: the fan-out of the message."""


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_loses_no_request_and_no_answer(
    mortal: MortalStack, writes: int
) -> None:
    """The same calls again end it: one request, one message with its file."""
    await save(mortal)
    body = await fulfilment(mortal)
    mortal.life.left = writes
    made = await mortal.insist(partial(ask, mortal))
    assert made.status == 201
    done = await mortal.insist(partial(answer, mortal, made.body["id"], body))
    assert done.status == 200
    await mortal.live()
    assert mortal.deaths == (writes <= WRITES)
    mortal.life.revive()

    (mine,) = await own(mortal)
    assert (mine["status"], mine["id"]) == ("FULFILLED", made.body["id"])
    assert (await download(mortal, mine["message_id"], body["attachments"][0])).body == PDF
    inbox = await mortal.call("list_inbox", citizen=CITIZEN)
    assert len(inbox.body["items"]) == 1


@pytest.mark.parametrize("writes", range(1, 5))
async def test_a_death_at_any_write_of_a_withdrawal_ends_in_one(
    mortal: MortalStack, writes: int
) -> None:
    """Whichever of its three writes was the last one."""
    await save(mortal)
    mortal.life.left = writes
    made = await mortal.insist(partial(ask, mortal))
    gone = await mortal.insist(partial(withdraw, mortal, made.body["id"]))
    assert mortal.deaths == (writes <= 3)
    mortal.life.revive()

    assert gone.body["status"] == "WITHDRAWN"
    assert (await received(mortal, made.body["id"]))["status"] == "WITHDRAWN"


@pytest.mark.parametrize("writes", range(1, 7))
async def test_the_same_answer_a_week_later_sends_no_second_message(
    mortal: MortalStack, writes: int
) -> None:
    """The claim on its key is over by then: the request keeps the message."""
    id_ = await asked(mortal)
    mortal.life.left = writes
    with contextlib.suppress(DeathError):
        await answer(mortal, id_, REFUSAL)
    mortal.life.revive()
    await mortal.live()
    mortal.clock.advance(timedelta(days=7))

    done = await answer(mortal, id_, REFUSAL)
    await mortal.live()

    assert (done.status, done.body["status"]) == (200, "REFUSED")
    assert await inbox(mortal) == [done.body["message_id"]]


@pytest.mark.parametrize("writes", range(1, 7))
async def test_an_answer_that_nobody_repeats_is_settled(mortal: MortalStack, writes: int) -> None:
    """By whether its message was stored: another answer is taken, or there is one."""
    id_ = await asked(mortal)
    mortal.life.left = writes
    with contextlib.suppress(DeathError):
        await answer(mortal, id_, REFUSAL)
    mortal.life.revive()
    body = await fulfilment(mortal)
    early = await answer(mortal, id_, body)
    mortal.clock.advance(timedelta(hours=2))
    await sweep.tick(mortal.app)
    await mortal.live()

    assert early.status == 409
    found = await received(mortal, id_)
    assert found["status"] == ("PENDING" if writes < 3 else "REFUSED")
    assert await inbox(mortal) == ([found["message_id"]] if "message_id" in found else [])
    assert (await answer(mortal, id_, body)).status == (200 if writes < 3 else 409)


@pytest.mark.parametrize("writes", range(1, 6))
async def test_a_death_at_any_write_tells_a_citizen_once_of_an_expiry(
    mortal: MortalStack, writes: int
) -> None:
    """The request is expired, its message stored, its item queued, the request told."""
    id_ = await asked(mortal)
    mortal.clock.advance(timedelta(days=10))
    mortal.life.left = writes
    await mortal.insist(mortal.app.certificates.expire)
    mortal.life.revive()
    assert mortal.deaths == (writes <= 4)
    await mortal.live()

    found = await received(mortal, id_)
    assert found["status"] == "EXPIRED"
    assert await inbox(mortal) == [found["message_id"]]
    assert await mortal.app.certificates.expire() == 0


async def inbox(mortal: MortalStack) -> list[str]:
    """Return the ids of the messages in the inbox."""
    found = await mortal.call("list_inbox", citizen=CITIZEN)
    return [one["id"] for one in found.body["items"]]
