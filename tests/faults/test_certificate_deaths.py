"""A process that dies at any write of a request for a certificate, or of its answer."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.faults.mortal_stack import MortalStack
from tests.functions.attachments.file_calls import PDF, download
from tests.functions.certificates.certificate_calls import (
    answer,
    ask,
    fulfilment,
    own,
    received,
    save,
    withdraw,
)

WRITES: Final = 12
"""Of the request: the list, the request. Of the answer: its status, the claim on the key, the file,
the message, the item, the status. The rest: the fan-out of the message."""


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[MortalStack]:
    """Yield a stack whose process can die."""
    stack = MortalStack(tmp_path)
    await stack.start()
    yield stack
    stack.life.revive()
    await stack.app.close()


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
