"""Direct requests with the identity of the app, as in Azure; the emulator checks no token."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from infra.local.emulators.database import create_database
from infra.local.emulators.processes import Emulators
from lib.adapters.azure import clients
from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_store import CosmosStore
from lib.ports.schema.citizens import PROFILES
from tests.builders.settings import settings_for
from tests.contract.azure.support import is_direct
from tests.doubles.azure_proxy import AzureProxy

POLICIES = "azure.core.pipeline.policies._authentication_async"
CITIZEN = {"fiscal_code": "AAAAAA00A00A000A", "id": "profile"}


class FakeIdentity:
    """An identity that gives another token each time it is asked."""

    asked = 0

    async def get_token(self, *_: str, **__: Any) -> AccessToken:
        FakeIdentity.asked += 1
        return AccessToken(f"token-{FakeIdentity.asked}", 2**31)

    async def close(self) -> None: ...


@dataclass
class Identified:
    """Clients without a key, and the proxy between."""

    clients: AzureClients
    cosmos: AzureProxy


@pytest.fixture
async def identified(
    emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Identified]:
    """Yield clients of an emulator that takes any token, without TLS, which the SDK forbids."""
    monkeypatch.setattr(clients, "DefaultAzureCredential", FakeIdentity)
    monkeypatch.setattr(f"{POLICIES}._enforce_https", lambda *_: None)
    async with AzureProxy(emulators.ports.cosmos) as cosmos:
        database = f"identity-{secrets.token_hex(6)}"
        # the settings would refuse a service on this machine without its key
        settings = settings_for(tmp_path).model_copy(
            update={
                "cosmos_endpoint": f"http://127.0.0.1:{cosmos.port}",
                "cosmos_database": database,
                "storage_queue_uri": "http://127.0.0.1:1/unused",
                "storage_blob_uri": "http://127.0.0.1:1/unused",
            }
        )
        opened = AzureClients(settings)
        await create_database(opened, database, (PROFILES,))
        yield Identified(opened, cosmos)
        await opened.close()


async def test_a_direct_request_has_the_token_of_the_sdk(identified: Identified) -> None:
    """The SDK asks the identity once; the SDK of the queues refuses a token without TLS."""
    store = CosmosStore(identified.clients)

    for _ in range(3):
        await store.upsert(PROFILES, CITIZEN)

    seen = identified.cosmos.seen["upsert"]
    assert [is_direct(one) for one in seen] == [False, True, True]
    (token,) = {one.headers["authorization"] for one in seen}
    assert token.startswith("type=aad&ver=1.0&sig=token-")


async def test_a_token_that_is_refused_is_the_sdks_to_renew(identified: Identified) -> None:
    """The next direct request has the token with which the SDK succeeded."""
    store = CosmosStore(identified.clients)
    await store.upsert(PROFILES, CITIZEN)
    identified.cosmos.once["upsert"] = "401"

    for _ in range(2):
        await store.upsert(PROFILES, CITIZEN)

    seen = identified.cosmos.seen["upsert"]
    assert [is_direct(one) for one in seen] == [False, True, False, True]
    assert seen[-1].headers["authorization"] == seen[-2].headers["authorization"]
