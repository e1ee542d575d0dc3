"""Fixtures of the tests of logins."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lib.ports.identity_provider import OfferedProvider
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import App
from tests.stack import Stack


@pytest.fixture
def provider() -> KeptProvider:
    """Give the provider."""
    return KeptProvider()


@pytest.fixture
async def stack(tmp_path: Path, provider: KeptProvider) -> AsyncIterator[Stack]:
    """Give the app with one provider."""
    offered = {"spid": OfferedProvider("SPID di prova", provider)}
    stack = await Stack(tmp_path, providers=offered).start()
    yield stack
    await stack.app.close()


@pytest.fixture
def app(stack: Stack, provider: KeptProvider) -> App:
    """Give an app on a device."""
    return App(stack, provider)
