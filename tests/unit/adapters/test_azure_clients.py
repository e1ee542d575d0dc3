"""The opening of a client for many callers, some of which give up waiting."""

import asyncio
from pathlib import Path

import pytest

from lib.adapters.azure.clients import AzureClients
from lib.ports.errors import UnavailableError
from tests.builders.settings import settings_for


async def test_an_attempt_that_failed_unheard_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure of an attempt that nobody waited for does not reach the next caller."""
    clients = AzureClients(settings_for(tmp_path))
    failing, failed, opened = asyncio.Event(), asyncio.Event(), object()
    attempts = 0

    async def open_cosmos() -> object:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            await failing.wait()
            asyncio.get_running_loop().call_soon(failed.set)
            raise UnavailableError("away")
        return opened

    monkeypatch.setattr(clients, "_open_cosmos", open_cosmos)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await clients.cosmos()
    failing.set()
    await failed.wait()

    assert await clients.cosmos() is opened
    assert await clients.cosmos() is opened
    assert attempts == 2


async def test_all_who_wait_share_one_attempt_and_its_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No caller starts another attempt before the first one is over."""
    clients = AzureClients(settings_for(tmp_path))
    attempts = 0

    async def open_cosmos() -> None:
        nonlocal attempts
        attempts += 1
        await asyncio.sleep(0)
        raise UnavailableError("away")

    monkeypatch.setattr(clients, "_open_cosmos", open_cosmos)

    outcomes = await asyncio.gather(*(clients.cosmos() for _ in range(5)), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {UnavailableError}
    assert attempts == 1
