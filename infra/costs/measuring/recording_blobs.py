"""Record every call of the blob store."""

from infra.costs.measuring.calls import Record
from lib.ports.blobs import Blob, Blobs


class RecordingBlobs:
    """A blob store that records calls."""

    def __init__(self, blobs: Blobs, record: Record) -> None:
        self._blobs = blobs
        self._calls = record.blobs

    async def put(
        self,
        container: str,
        name: str,
        content: bytes,
        *,
        content_type: str,
        overwrite: bool = True,
    ) -> str:
        """See Blobs."""
        self._calls.append("put")
        return await self._blobs.put(
            container, name, content, content_type=content_type, overwrite=overwrite
        )

    async def get(self, container: str, name: str) -> Blob:
        """See Blobs; a blob that does not exist is a call too."""
        self._calls.append("get")
        return await self._blobs.get(container, name)

    async def delete(self, container: str, name: str) -> None:
        """See Blobs."""
        self._calls.append("delete")
        await self._blobs.delete(container, name)

    async def names(self, container: str, folder: str, limit: int) -> list[str]:
        """See Blobs."""
        self._calls.append("list")
        return await self._blobs.names(container, folder, limit)

    async def close(self) -> None:
        """See Blobs."""
        await self._blobs.close()
