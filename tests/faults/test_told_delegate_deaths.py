"""A process that dies at any write between a message and its delegate: one notification at most."""

from pathlib import Path

from infra.local.sandbox.seed import CITIZEN
from tests.builders.parties import DELEGATE
from tests.faults.mortal_stack import MortalStack
from tests.functions.parties.told import listed, told, with_told

WRITES = 9
"""Delivery, two puts, claim of the own push; the entry in the list of sent messages; claim, entry
for the owner and outcome of the delegate's push; the e-mail that the delegate does not want."""
ENDS = {(1, "SENT"), (1, "IN_PROGRESS"), (0, "IN_PROGRESS")}


async def test_a_delegate_is_told_once_or_in_doubt(tmp_path: Path) -> None:
    """No delegate is told without an entry in the owner's list, and only a death makes a doubt."""
    mortal = MortalStack(tmp_path)
    await mortal.start()
    delegation_id = await with_told(mortal, {"max_daily_notifications": 50})
    await mortal.submit()
    # it plans the week's counts
    await mortal.live()

    for writes in range(1, WRITES + 2):
        mortal.push.sent.clear()
        mortal.deaths = 0
        id_ = await mortal.submit()
        mortal.life.left = writes
        await mortal.live()
        mortal.life.revive()

        assert mortal.deaths == (writes <= WRITES), writes
        pushes = told(mortal)
        assert len(mortal.push.sent) - len(pushes) <= 1
        held = [one for one in await listed(mortal, DELEGATE) if one["message_id"] == id_]
        statuses = {one["channel"]: one["status"] for one in held}
        assert (len(pushes), statuses["PUSH"]) in (ENDS if mortal.deaths else {(1, "SENT")})
        assert statuses["EMAIL"] == "OBSOLETE"
        given = [one for one in await listed(mortal, CITIZEN) if one["message_id"] == id_]
        entries = [one["delegation_id"] for one in given if one["channel"] == "DELEGATE"]
        assert entries == [delegation_id][: len(entries)]
        assert len(entries) >= len(pushes)
    await mortal.app.close()
