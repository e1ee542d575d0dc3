"""Port to blobs."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob's bytes, with what HTTP says of them."""

    content: bytes
    content_type: str
    etag: str


class Blobs(Protocol):
    """Whole blobs by container and name. A name is 1 to 1024 characters, `/` allowed inside it.

    Any method may raise UnavailableError.
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
        """Durable and whole on return, never seen in part. Return the ETag.

        Raise ConflictError when `overwrite` is False and the name is taken.
        """
        ...

    async def get(self, container: str, name: str) -> Blob:
        """Raise NotFoundError."""
        ...

    async def delete(self, container: str, name: str) -> None:
        """Raise NotFoundError."""
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
