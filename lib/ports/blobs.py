"""Port to the blob store."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of a blob, with its content type and ETag."""

    content: bytes
    content_type: str
    etag: str


class Blobs(Protocol):
    """The blob store: whole blobs, by container and name.

    A name has 1 to 1024 characters, and may have `/` inside.

    Raises: UnavailableError, from any method.
    """

    async def put(
        self,
        container: str,
        name: str,
        content: bytes,
        *,
        content_type: str,
        overwrite: bool = True,
    ) -> str:
        """Store a blob and return its ETag.

        The blob is durable on return. Readers never see a part of it.

        Raises: ConflictError if `overwrite` is False and a blob has the name.
        """
        ...

    async def get(self, container: str, name: str) -> Blob:
        """Return a blob.

        Raises: NotFoundError.
        """
        ...

    async def delete(self, container: str, name: str) -> None:
        """Delete a blob.

        Raises: NotFoundError.
        """
        ...

    async def names(self, container: str, folder: str, limit: int) -> list[str]:
        """Return the names that begin with `folder` and a slash: up to `limit`, in any order.

        `folder`: a part of names without a slash. `limit`: 1 to 5000. A blob whose put has
        returned is among them, and one whose delete has returned is not. Cost: one listing.
        """
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
