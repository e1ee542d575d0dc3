"""The blobs on Azure Blob Storage."""

from contextlib import suppress

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobClient

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.errors import translated
from lib.adapters.rules.blobs import check_blob
from lib.ports.blobs import Blob


class StorageBlobs:
    """Blobs in one account; a container that is missing is made at the first put to it."""

    def __init__(self, clients: AzureClients) -> None:
        self._clients = clients

    async def put(
        self,
        container: str,
        name: str,
        content: bytes,
        *,
        content_type: str,
        overwrite: bool = True,
    ) -> str:
        """Raise ConflictError, LimitError."""
        blob = self._blob(container, name)
        with translated(container):
            try:
                return await _upload(blob, content, content_type, overwrite=overwrite)
            except ResourceNotFoundError:
                with suppress(ResourceExistsError):
                    await self._clients.blobs().create_container(container)
                return await _upload(blob, content, content_type, overwrite=overwrite)

    async def get(self, container: str, name: str) -> Blob:
        """Raise NotFoundError, LimitError."""
        blob = self._blob(container, name)
        with translated(container):
            found = await blob.download_blob()
            content = await found.readall()
        properties = found.properties
        return Blob(content, str(properties.content_settings.content_type), str(properties.etag))

    async def delete(self, container: str, name: str) -> None:
        """Raise NotFoundError, LimitError."""
        blob = self._blob(container, name)
        with translated(container):
            await blob.delete_blob()

    async def close(self) -> None:
        """Release the clients."""
        await self._clients.close()

    def _blob(self, container: str, name: str) -> BlobClient:
        check_blob(container, name)
        return self._clients.blobs().get_blob_client(container, name)


async def _upload(blob: BlobClient, content: bytes, content_type: str, *, overwrite: bool) -> str:
    settings = ContentSettings(content_type=content_type)
    answer = await blob.upload_blob(content, overwrite=overwrite, content_settings=settings)
    return str(answer["etag"])
