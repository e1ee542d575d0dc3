"""A process that dies at any write of a change by an operator."""

import contextlib
from typing import Final

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.shared.identifiers import ServiceId
from tests.faults.mortal_stack import DeathError, MortalStack
from tests.functions.operations.test_operators_log import change_rights, logged

WRITES: Final = 4
"""The entry, the subscription, the service, the outcome."""


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_leaves_no_change_without_an_entry(mortal: MortalStack, writes: int) -> None:
    """Until the outcome is stored the entry is STARTED, whether the change was made or not."""
    mortal.life.left = writes
    with contextlib.suppress(DeathError):
        assert await change_rights(mortal) == 200
    assert mortal.life.is_dead == (writes <= WRITES)
    mortal.life.revive()

    (entry,) = await logged(mortal)
    rights = await mortal.app.services.rights.read(ServiceId(SERVICE_ID))

    assert entry["outcome"] == ("STARTED" if writes < WRITES else "DONE")
    assert (rights.category == "SPECIAL") == (writes > 2)
