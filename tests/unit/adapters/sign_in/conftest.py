"""A scripted provider, and the relying party that logs in at it."""

from collections.abc import AsyncIterator

import pytest

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from tests.doubles.identity_provider import ScriptedProvider, relying_party, scripted


@pytest.fixture
async def provider() -> AsyncIterator[ScriptedProvider]:
    """Serve a provider."""
    async with scripted() as serving:
        yield serving


@pytest.fixture
async def party(provider: ScriptedProvider) -> AsyncIterator[OpenIDProvider]:
    """Yield a relying party of the provider."""
    async with relying_party(provider) as made:
        yield made
