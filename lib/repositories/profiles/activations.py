"""Store citizens' activations of SPECIAL services."""

from datetime import datetime
from typing import NamedTuple

from lib.domain.profiles.choices import Activation, ActivationStatus
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import ACTIVATIONS
from lib.repositories.shared.optimistic import until_written


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

    async def set(
        self, fiscal_code: str, service_id: ServiceId, status: ActivationStatus, now: datetime
    ) -> Activation:
        """Store the status as a new version, and return the activation; raise UnavailableError.

        Cost: one point read and one conditional write.
        """

        async def attempt() -> Activation:
            stored = await self.stored(fiscal_code, service_id)
            version = stored.activation.version + 1 if stored else 0
            activation = Activation(status, now, version)
            await self._write(fiscal_code, service_id, activation, stored and stored.etag)
            return activation

        return await until_written("an activation", attempt)

    async def _write(
        self, fiscal_code: str, service_id: ServiceId, activation: Activation, etag: str | None
    ) -> None:
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
