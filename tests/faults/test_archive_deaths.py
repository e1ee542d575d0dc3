"""A process that dies at any write of a request for personal data, or of its archive."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from lib.composition.stacks import BLOBS_FOLDER
from lib.repositories.personal_data.archives import ARCHIVES
from tests.faults.mortal_stack import MortalStack
from tests.functions.personal_data.data_calls import ask, download, state

WRITES: Final = 14
"""Of the call: two items, the request, and the entry of the access log. Of the archive: its name,
its expiry, the file, the end, an item for each channel. The rest: the claim of the push, and items
of the repeated run."""


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_loses_no_request_and_leaves_no_archive(
    mortal: MortalStack, tmp_path: Path, writes: int
) -> None:
    """The citizen gets the archive, is told once at most, and it is deleted in time.

    A run that died may leave its file beside the archive until then.
    """
    mortal.life.left = writes
    reply = await mortal.insist(partial(ask, mortal))
    # a call that died after its write was accepted
    assert reply.status in {200, 409}
    await mortal.live()
    assert mortal.deaths == (writes <= WRITES)
    mortal.life.revive()

    assert (await state(mortal))["status"] == "CLOSED"
    assert (await download(mortal)).status == 200
    assert len(mortal.push.sent) <= 1
    archives = tmp_path / BLOBS_FOLDER / ARCHIVES
    assert len([one for one in archives.rglob("*") if one.is_file()]) in {1, 2}

    mortal.clock.advance(timedelta(days=4, hours=1))
    await mortal.tick()

    assert not [one for one in archives.rglob("*") if one.is_file()]
    assert (await download(mortal)).status == 404
