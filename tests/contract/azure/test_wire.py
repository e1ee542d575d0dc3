"""The azure adapters, when an answer does not come, comes late or comes twice."""

import asyncio

import pytest

from lib.adapters.azure import errors
from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.storage_blobs import StorageBlobs
from lib.domain.notifications.delivery import Claim, Delivery, DeliveryStatus, SubjectId
from lib.ports.documents import Container, Query
from lib.ports.errors import ConflictError, UnavailableError
from lib.repositories.notifications.notifications import Notifications
from tests.contract.azure.conftest import Wire
from tests.contract.support import NOTES, a_note

PUSH = Delivery("AAAAAA00A00A000A", SubjectId("message-1"), "MESSAGE", "PUSH")
AT = "2026-11-24T12:00:00.000Z"


async def claimed(notifications: Notifications, claimant: str) -> Claim:
    """Claim the push, and return the claim on it."""
    return await notifications.claim(PUSH, DeliveryStatus.SENT, AT, claimant=claimant)


@pytest.mark.parametrize("how", ["timeout", "reset"])
async def test_a_claim_that_the_client_sent_twice_is_ours(wire: Wire, how: str) -> None:
    """The SDK repeats a create whose answer was lost: the conflict is with the claim itself."""
    notifications = Notifications(CosmosStore(wire.clients))
    wire.cosmos.once["create"] = f"{how} after"

    assert (await claimed(notifications, "a")).claimant == "a"
    assert (await claimed(notifications, "b")).claimant == "a"
    assert wire.cosmos.calls["create"] == 3


@pytest.mark.parametrize("how", ["timeout", "reset"])
async def test_a_claim_taken_over_twice_by_the_client_is_ours(wire: Wire, how: str) -> None:
    """The SDK repeats a replace whose answer was lost: the stale ETag is of its own making."""
    notifications = Notifications(CosmosStore(wire.clients))
    await claimed(notifications, "a")
    await notifications.release(PUSH, AT, claimant="a")
    wire.cosmos.once["patch"] = f"{how} after"

    assert (await claimed(notifications, "b")).claimant == "b"
    assert (await claimed(notifications, "c")).claimant == "b"


@pytest.mark.parametrize("how", ["timeout", "reset"])
async def test_a_blob_that_the_client_put_twice_is_no_conflict(
    wire: Wire, box: str, how: str
) -> None:
    """The first put of a name succeeds, and the next put under it conflicts."""
    blobs = StorageBlobs(wire.clients)
    await blobs.put(box, "first", b"x", content_type="text/plain")
    wire.blob.once["blob PUT"] = f"{how} after"

    etag = await blobs.put(box, "once", b"1", content_type="text/plain", overwrite=False)

    assert (await blobs.get(box, "once")).etag == etag
    with pytest.raises(ConflictError):
        await blobs.put(box, "once", b"2", content_type="text/plain", overwrite=False)


async def test_a_container_that_is_not_there_is_an_outage(wire: Wire) -> None:
    """A missing container must not look like a citizen without a profile."""
    store = CosmosStore(wire.clients)
    absent = Container("absent", partition_key="owner")

    with pytest.raises(UnavailableError, match="the container does not exist"):
        await store.read(absent, "o", "x")
    with pytest.raises(UnavailableError, match="the container does not exist"):
        await store.create(absent, a_note("o"))


async def test_lists_may_be_old_and_points_may_not(wire: Wire) -> None:
    """The request names its consistency (decision 0010)."""
    store = CosmosStore(wire.clients)
    await store.create(NOTES, a_note("o"))
    wire.cosmos.levels.clear()

    await store.read(NOTES, "o", "note-1")
    await store.query(NOTES, Query("o", limit=5))

    assert wire.cosmos.levels["query"] == {"ConsistentPrefix"}
    assert "ConsistentPrefix" not in wire.cosmos.levels["read"]


async def test_callers_wait_for_one_opening_of_a_client(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All callers share one attempt, within the time of an operation; a later one succeeds."""
    monkeypatch.setattr(errors, "OPERATION_SECONDS", 0.5)
    await wire.clients.close()
    store = CosmosStore(wire.clients)
    wire.cosmos.hang = True

    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(
            *(store.read(NOTES, "o", str(i)) for i in range(20)), return_exceptions=True
        )

    assert {type(outcome) for outcome in outcomes} == {UnavailableError}
    wire.cosmos.hang = False
    monkeypatch.setattr(errors, "OPERATION_SECONDS", 10)
    await store.create(NOTES, a_note("o"))
