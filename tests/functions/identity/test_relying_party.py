"""The public documents of a relying party, as providers and their federation read them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from joserfc import jws

from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.adapters.outbound.sign_in.published import PublishedRelyingParty
from tests.doubles.identity_provider import ENTITY, ec_key, federation_keys, own_keys
from tests.stack import Stack


@pytest.fixture
async def party(tmp_path: Path) -> AsyncIterator[Stack]:
    """Yield the app of a relying party in a federation."""
    published = PublishedRelyingParty(ENTITY, OwnKeys(own_keys()), OwnKeys(federation_keys()))
    stack = await Stack(tmp_path, relying_party=published).start()
    yield stack
    await stack.app.close()


async def test_everybody_reads_the_public_keys(party: Stack) -> None:
    """No key is private."""
    reply = await party.call("list_relying_party_keys", key=None)

    assert reply.status == 200
    assert {key["kid"]: key["use"] for key in reply.body["keys"]} == {
        "own-sig": "sig",
        "own-enc": "enc",
    }
    assert not [key for key in reply.body["keys"] if "d" in key]
    assert reply.headers["Cache-Control"] == "public, max-age=300"


async def test_everybody_reads_the_entity_configuration(party: Stack) -> None:
    """The answer is the signed statement itself, with its media type."""
    reply = await party.call("read_entity_configuration", key=None)

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/entity-statement+jwt"
    assert jws.deserialize_compact(reply.body, ec_key("federation"), ["ES256"]).payload


@pytest.mark.parametrize("name", ["list_relying_party_keys", "read_entity_configuration"])
async def test_without_keys_nothing_is_published(stack: Stack, name: str) -> None:
    """The sandbox's settings have none."""
    reply = await stack.call(name, key=None)

    assert reply.status == 404
