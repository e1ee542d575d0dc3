"""The contract of Blobs."""

import asyncio

import pytest

from lib.ports.blobs import Blob, Blobs
from lib.ports.errors import ConflictError, LimitError, NotFoundError


async def test_get_returns_what_was_put(blobs: Blobs, box: str) -> None:
    """Bytes, content type and ETag come back, line feeds and all."""
    etag = await blobs.put(box, "a/b.csv", b"\n1;2\n\x00", content_type="text/csv")

    assert await blobs.get(box, "a/b.csv") == Blob(b"\n1;2\n\x00", "text/csv", etag)


async def test_empty_blob(blobs: Blobs, box: str) -> None:
    """A blob may have no content."""
    await blobs.put(box, "empty", b"", content_type="text/plain")

    assert (await blobs.get(box, "empty")).content == b""


async def test_overwrite_replaces_content_and_etag(blobs: Blobs, box: str) -> None:
    """The later put wins, under a new ETag."""
    first = await blobs.put(box, "again", b"old", content_type="text/plain")
    second = await blobs.put(box, "again", b"new", content_type="text/html")

    assert await blobs.get(box, "again") == Blob(b"new", "text/html", second)
    assert first != second


async def test_put_without_overwrite_conflicts(blobs: Blobs, box: str) -> None:
    """A taken name is refused, and keeps its content."""
    await blobs.put(box, "taken", b"first", content_type="text/plain", overwrite=False)

    with pytest.raises(ConflictError):
        await blobs.put(box, "taken", b"second", content_type="text/plain", overwrite=False)

    assert (await blobs.get(box, "taken")).content == b"first"


async def test_one_of_many_concurrent_claims_wins(blobs: Blobs, box: str) -> None:
    """With ten puts without overwrite at the same time, nine conflict."""
    outcomes = await asyncio.gather(
        *(
            blobs.put(box, "claim", b"%d" % i, content_type="text/plain", overwrite=False)
            for i in range(10)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 9


async def test_deleted_blob_is_gone(blobs: Blobs, box: str) -> None:
    """After a delete there is nothing to get."""
    await blobs.put(box, "gone", b"x", content_type="text/plain")
    await blobs.delete(box, "gone")

    with pytest.raises(NotFoundError):
        await blobs.get(box, "gone")


async def test_absent_blob_is_not_found(blobs: Blobs, box: str) -> None:
    """Get and delete of an absent blob raise the same error."""
    with pytest.raises(NotFoundError):
        await blobs.get(box, "absent")
    with pytest.raises(NotFoundError):
        await blobs.delete(box, "absent")


@pytest.mark.parametrize("name", ["", "x" * 1025, "..", "a/../b", "./a", "a/."])
async def test_name_outside_its_limits_is_refused(blobs: Blobs, box: str, name: str) -> None:
    """A name is 1 to 1024 characters, and no path that leads elsewhere."""
    with pytest.raises(LimitError):
        await blobs.put(box, name, b"x", content_type="text/plain")


@pytest.mark.parametrize("name", ["x" * 1024, "à la carte/ü", "a.b~c/d-e"])
async def test_any_name_within_limits_works(blobs: Blobs, box: str, name: str) -> None:
    """Long names and names beyond ASCII are names."""
    await blobs.put(box, name, name.encode(), content_type="text/plain")

    assert (await blobs.get(box, name)).content == name.encode()


async def test_a_folder_is_listed(blobs: Blobs, box: str) -> None:
    """The listing has the names that begin with the folder, and no others."""
    for name in ("list/1", "list/a/2", "list", "list2/3", "other/list/4"):
        await blobs.put(box, name, b"x", content_type="text/plain")

    assert sorted(await blobs.names(box, "list", 10)) == ["list/1", "list/a/2"]
    assert await blobs.names(box, "absent", 10) == []


async def test_a_listing_shows_what_was_put_and_deleted(blobs: Blobs, box: str) -> None:
    """A caller that deletes what is listed until nothing is listed leaves nothing."""
    await asyncio.gather(
        *(blobs.put(box, f"f/{i}", b"x", content_type="text/plain") for i in range(25))
    )
    seen: list[str] = []
    while names := await blobs.names(box, "f", 10):
        assert len(names) <= 10
        seen += names
        for name in names:
            await blobs.delete(box, name)

    assert sorted(seen) == sorted(f"f/{i}" for i in range(25))


async def test_a_container_without_blobs_has_no_names(blobs: Blobs, box: str) -> None:
    """A container that nobody has put a blob into is empty."""
    assert await blobs.names(box, "f", 1) == []


@pytest.mark.parametrize(("folder", "limit"), [("", 1), ("a/b", 1), ("..", 1), ("a", 0)])
async def test_a_listing_outside_its_limits_is_refused(
    blobs: Blobs, box: str, folder: str, limit: int
) -> None:
    """A folder is one part of a name."""
    with pytest.raises(LimitError):
        await blobs.names(box, folder, limit)
