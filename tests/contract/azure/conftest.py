"""Fixtures of the azure stack alone, behind proxies before the emulators."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from infra.local.emulators.database import create_database
from infra.local.emulators.processes import Emulators
from lib.adapters.azure import clients
from lib.adapters.azure.clients import AzureClients
from lib.ports.schema.containers import CONTAINERS
from tests.builders.settings import settings_for, settings_of
from tests.contract.support import CONTAINERS as OF_THE_SUITE
from tests.doubles.azure_proxy import AzureProxy


@dataclass
class Wire:
    """Clients of the emulators, and the proxies between."""

    clients: AzureClients
    cosmos: AzureProxy
    blob: AzureProxy
    queue: AzureProxy


@pytest.fixture
async def wire(
    emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Wire]:
    """Yield the proxies, with the containers of the app and of the suite behind them."""
    monkeypatch.setitem(clients.TIMEOUTS, "read_timeout", 1)
    async with (
        AzureProxy(emulators.ports.cosmos) as cosmos,
        AzureProxy(emulators.ports.blob) as blob,
        AzureProxy(emulators.ports.queue) as queue,
    ):
        at = replace(emulators.ports, cosmos=cosmos.port, blob=blob.port, queue=queue.port)
        database = f"wire-{secrets.token_hex(6)}"
        settings = settings_for(tmp_path, **settings_of(emulators, at), cosmos_database=database)
        opened = AzureClients(settings)
        await create_database(opened, database, (*CONTAINERS, *OF_THE_SUITE))
        cosmos.calls.clear()
        yield Wire(opened, cosmos, blob, queue)
        await opened.close()
