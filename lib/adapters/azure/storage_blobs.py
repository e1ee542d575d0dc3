"""The blobs on Azure Blob Storage."""

import secrets
from contextlib import suppress
from typing import Final

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobClient

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.errors import answered
from lib.adapters.rules.blobs import check_blob, check_folder
from lib.ports.blobs import Blob
from lib.ports.errors import NotFoundError

_PUT: Final = "put"
"""The name of the metadata that identifies the put of a blob."""


class StorageBlobs:
    """The blobs of one storage account. The first put to a container creates it."""

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
        """Store a blob and return its ETag.

        Raises: ConflictError, LimitError.
        """
        blob = self._blob(container, name)
        upload = _Upload(blob, content, content_type, overwrite=overwrite)
        async with answered(container):
            try:
                return await upload()
            except ResourceNotFoundError:
                with suppress(ResourceExistsError):
                    await self._clients.blobs().create_container(container)
                return await upload()

    async def get(self, container: str, name: str) -> Blob:
        """Return a blob.

        Raises: NotFoundError, LimitError.
        """
        blob = self._blob(container, name)
        async with answered(container):
            found = await blob.download_blob()
            content = await found.readall()
        properties = found.properties
        return Blob(content, str(properties.content_settings.content_type), str(properties.etag))

    async def delete(self, container: str, name: str) -> None:
        """Delete a blob.

        Raises: NotFoundError, LimitError.
        """
        blob = self._blob(container, name)
        async with answered(container):
            await blob.delete_blob()

    async def names(self, container: str, folder: str, limit: int) -> list[str]:
        """Return up to `limit` names that begin with `folder` and a slash.

        Raises: LimitError.
        """
        check_folder(container, folder, limit)
        client = self._clients.blobs().get_container_client(container)
        names: list[str] = []
        try:
            async with answered(container):
                listed = client.list_blob_names(
                    name_starts_with=f"{folder}/", results_per_page=limit
                )
                async for page in listed.by_page():
                    # a page may be short, or empty, although there are more names
                    names += [name async for name in page]
                    if len(names) >= limit:
                        break
        except NotFoundError:
            # the first put makes the container
            return []
        return names[:limit]

    async def close(self) -> None:
        """Release the clients."""
        await self._clients.close()

    def _blob(self, container: str, name: str) -> BlobClient:
        check_blob(container, name)
        return self._clients.blobs().get_blob_client(container, name)


class _Upload:
    """Upload a blob once, and recognise the blob if the client library sends the request twice."""

    def __init__(
        self, blob: BlobClient, content: bytes, content_type: str, *, overwrite: bool
    ) -> None:
        self._blob, self._content, self._overwrite = blob, content, overwrite
        self._settings = ContentSettings(content_type=content_type)
        self._id = secrets.token_hex(8)

    async def __call__(self) -> str:
        """Return the ETag; raise ResourceExistsError if another put has used the name."""
        try:
            answer = await self._blob.upload_blob(
                self._content,
                overwrite=self._overwrite,
                content_settings=self._settings,
                metadata={_PUT: self._id},
            )
        except ResourceExistsError:
            found = await self._blob.get_blob_properties()
            if (found.metadata or {}).get(_PUT) != self._id:
                raise
            return str(found.etag)
        return str(answer["etag"])
