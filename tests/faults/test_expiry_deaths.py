"""A process that dies at any write of an upload in parts, or of the sweep of batches' files."""

from functools import partial
from typing import Final

import pytest

from functions.timers.operations import sweep
from tests.faults.mortal_stack import DeathError, MortalStack
from tests.functions.batches.batch_calls import (
    CITIZENS,
    a_list,
    ask,
    make,
    sent,
    state,
    upload,
    with_citizens,
)
from tests.functions.batches.kept_files import (
    DAY,
    KEPT,
    complete,
    files,
    pass_days,
    put_part,
    sets,
)

LIST: Final = a_list([[one] for one in CITIZENS])
PARTS: Final = (LIST[:30], LIST[30:])
UPLOAD_WRITES: Final = 11
"""Of the parts: a set, its place in the batch, two files. Of the completion: a set, two files, the
batch, an item. Of the check: the rows, the batch."""
SWEEP_WRITES: Final = 16
"""Those of all sweeps until nothing is left."""


@pytest.fixture
async def mortal(mortal: MortalStack) -> MortalStack:
    """Yield a stack whose process can die."""
    await with_citizens(mortal)
    return mortal


@pytest.mark.parametrize("writes", range(1, UPLOAD_WRITES + 2))
async def test_an_upload_in_parts_survives_a_death_at_any_write(
    mortal: MortalStack, writes: int
) -> None:
    """Its sender repeats what had no answer; the list is whole, and all else is deleted."""
    id_ = await make(mortal)
    mortal.life.left = writes
    for number, part in enumerate(PARTS, 1):
        await mortal.insist(partial(put_part, mortal, id_, number, part))
    reply = await mortal.insist(lambda: complete(mortal, id_, PARTS))
    assert reply.status == 202
    await mortal.live()
    assert mortal.deaths == (writes <= UPLOAD_WRITES)
    mortal.life.revive()

    found = await state(mortal, id_)
    assert (found["status"], found["check"]["good"]) == ("CHECKED", 3)
    await pass_days(mortal, 10)
    # two parts of the list, and the rows
    assert (files(mortal), len(await sets(mortal))) == (3, 1)
    assert (await ask(mortal, "send_batch", id_)).status == 202
    await mortal.drain()
    assert (await state(mortal, id_))["progress"]["outcomes"] == {"SENT": 3}


@pytest.mark.parametrize("writes", range(1, SWEEP_WRITES + 2))
async def test_a_sweep_that_dies_at_any_write_goes_on(mortal: MortalStack, writes: int) -> None:
    """A sent batch, a replaced list and a draft expire; the batch that waits stays whole."""
    await sent(mortal, [[one] for one in CITIZENS])
    waiting = await make(mortal)
    for part in PARTS:
        await upload(mortal, waiting, LIST if part is PARTS[-1] else part)
    draft = await make(mortal)
    await mortal.drain()
    await ask(mortal, "send_batch", waiting)
    await ask(mortal, "pause_batch", waiting)
    mortal.life.left = writes
    deaths = 0
    for step in (DAY, KEPT, DAY, DAY, DAY):
        mortal.clock.advance(step)
        try:
            await sweep.tick(mortal.app)
        except DeathError:
            deaths += 1
            mortal.life.revive()
            await sweep.tick(mortal.app)
    mortal.life.revive()

    assert deaths == (writes <= SWEEP_WRITES)
    # the list of the batch that waits, and its rows
    assert (files(mortal), len(await sets(mortal))) == (2, 1)
    assert (await state(mortal, draft))["status"] == "CANCELLED"
    assert (await ask(mortal, "resume_batch", waiting)).status == 202
    await mortal.drain()
    assert (await state(mortal, waiting))["progress"]["outcomes"] == {"SENT": 3}
