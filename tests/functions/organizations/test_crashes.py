"""A call that dies at any of its writes is completed by the same call."""

from pathlib import Path
from typing import Any

import pytest

from lib.composition.stacks import embedded_ports
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.functions.organizations.onboarding import BODY, apply, codes, confirm
from tests.functions.organizations.sides import Sides
from tests.stack import Stack

WRITES = frozenset(("create", "upsert", "replace", "patch", "delete", "batch"))


class Dying:
    """A store that dies at the write of this number; `lands`: the write itself is stored."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.at = 0
        self.lands = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in WRITES:
            return method

        async def write(*args: Any, **options: Any) -> Any:
            self.at -= 1
            if self.at != 0:
                return await method(*args, **options)
            if self.lands:
                await method(*args, **options)
            raise RuntimeError

        return write


async def dying(folder: Path) -> tuple[Stack, Dying]:
    """Return a stack that caches no keys, and its store."""
    settings = settings_for(folder, sender_cache_seconds=0)
    store = Dying(embedded_ports(settings, StillClock()).store)
    return await Stack(folder, settings, store=store).start(), store


@pytest.mark.parametrize("lands", [False, True])
@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("times", [1, 2])
async def test_a_confirmation_is_completed(
    tmp_path: Path, at: int, lands: bool, times: int
) -> None:
    """The first code of a body, and a later one that replaces its keys.

    The keys that the completing call shows in full work. Where an earlier call has stored the keys
    and died before its answer, they are masked, and the next application replaces them.
    """
    stack, store = await dying(tmp_path)
    for _ in range(times):
        await apply(stack)
    for code in codes(stack)[:-1]:
        assert (await confirm(stack, code)).status == 200
    code = codes(stack)[-1]
    store.at, store.lands = at, lands
    await confirm(stack, code)
    store.at = 0

    completed = await confirm(stack, code)
    assert completed.status == 200
    if completed.body["primary_key"].startswith("*"):
        await apply(stack)
        completed = await confirm(stack, codes(stack)[-1])
    path = {"fiscal_code": BODY.fiscal_code}
    for name in ("primary_key", "secondary_key"):
        key = completed.body[name]
        read = await stack.call("read_own_organization", path=path, key=key)
        assert read.status == 200, name
    await stack.app.close()


@pytest.mark.parametrize("lands", [False, True])
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("name", ["give_delegation", "revoke_given_delegation"])
async def test_a_change_of_a_delegation_is_completed(
    tmp_path: Path, name: str, at: int, lands: bool
) -> None:
    """Both sides list the same in the end."""
    stack, store = await dying(tmp_path)
    sides = await Sides(stack).start()
    body: dict[str, str] | None = {} if name == "give_delegation" else None
    if body is None:
        await sides.give()
    store.at, store.lands = at, lands
    await sides.organization(name, body)
    store.at = 0

    completed = await sides.organization(name, body)
    given = await sides.organization("list_given_delegations")
    received = await sides.third("list_received_delegations")
    assert given.body["items"] == received.body["items"] == [completed.body]
    assert completed.body["state"] == ("REVOKED" if body is None else "ACTIVE")
    await stack.app.close()
