"""A process that dies at any write of an erasure: it is done in the end, or was never begun."""

from functools import partial
from pathlib import Path
from typing import Final

import pytest

from functions.timers.scheduling import dispatch_due
from tests.builders.messages import a_message
from tests.builders.payments import payable
from tests.faults.mortal_stack import MortalStack
from tests.functions.personal_data.erasure_calls import GRACE, ask_erasure, status
from tests.functions.personal_data.lives import VICTIM
from tests.functions.personal_data.scans import places_of

WRITES: Final = 33
"""Of the call: the entry, the request, an item for each channel. The rest: the three stages."""
STEP: Final = 4
"""Each fourth write dies."""


@pytest.fixture
async def mortal(mortal: MortalStack) -> MortalStack:
    """Yield a stack whose process can die."""
    for body in (a_message(fiscal_code=VICTIM, content=payable()), a_message(fiscal_code=VICTIM)):
        assert (await mortal.call("submit_message", body)).status == 201
    await mortal.drain()
    device = {"platform": "apns", "pushChannel": "a-channel"}
    path = {"installation_id": "phone"}
    await mortal.call("register_installation", device, path=path, citizen=VICTIM)
    scheduled = a_message(fiscal_code=VICTIM, send_at="2026-12-20T10:00:00+01:00")
    assert (await mortal.call("submit_message", scheduled)).status == 201
    await mortal.drain()
    return mortal


@pytest.mark.parametrize("writes", range(1, WRITES + STEP, STEP))
async def test_a_death_at_any_write_ends_in_done(
    mortal: MortalStack, tmp_path: Path, writes: int
) -> None:
    """The request is stored or not; once it is, nothing of the citizen is left in the end."""
    mortal.life.left = writes
    reply = await mortal.insist(partial(ask_erasure, mortal))
    # a call that died after its write was accepted
    assert reply.status in {200, 409}
    await mortal.live()
    mortal.clock.advance(GRACE)
    await mortal.insist(partial(dispatch_due.tick, mortal.app))
    # the stages follow each other, whatever dies
    await mortal.live()
    assert mortal.deaths == (writes <= WRITES)
    mortal.life.revive()

    assert await status(mortal, VICTIM) is None
    assert places_of(tmp_path, VICTIM) == set()
