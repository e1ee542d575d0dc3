"""Store citizens' activations of SPECIAL services."""

from datetime import datetime
from typing import NamedTuple

from lib.domain.profiles.choices import Activation
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import ACTIVATIONS


class StoredActivation(NamedTuple):
    """An activation as read, and the ETag for a conditional write."""

    activation: Activation
    etag: str


class Activations:
    """Read and write activations. Cost: one point read or one write for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str, service_id: ServiceId) -> Activation | None:
        """Return the activation; None for a citizen without one."""
        stored = await self.stored(fiscal_code, service_id)
        return None if stored is None else stored.activation

    async def stored(self, fiscal_code: str, service_id: ServiceId) -> StoredActivation | None:
        """Return the activation with its ETag."""
        try:
            found = await self._store.read(ACTIVATIONS, fiscal_code, service_id)
        except NotFoundError:
            return None
        return StoredActivation(activation_of(found.document), found.etag)

    async def write(
        self, fiscal_code: str, service_id: ServiceId, activation: Activation, etag: str | None
    ) -> None:
        """Replace the activation with this ETag; without an ETag create it.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document: Document = {
            "id": service_id,
            "fiscal_code": fiscal_code,
            "status": activation.status,
            "updated_at": timestamp(activation.updated_at),
            "version": activation.version,
        }
        if etag is None:
            await self._store.create(ACTIVATIONS, document)
        else:
            await self._store.replace(ACTIVATIONS, document, if_match=etag)


def activation_of(document: Document) -> Activation:
    """Return the activation in a document; version 2026.11.0 stored no number of writes."""
    return Activation(
        document["status"],
        datetime.fromisoformat(document["updated_at"]),
        document.get("version", 0),
    )
