"""Find configurations whose secrets are encrypted under the previous secret, in all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from typing import Final, NamedTuple

from lib.domain.remote_content.errors import SecretLostError
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.senders import REMOTE_CONTENT
from lib.repositories.remote_content.secret_box import SecretBox

_FIELDS: Final = ("id", "owner")


class SealedConfiguration(NamedTuple):
    """A configuration whose secrets are encrypted under the previous secret."""

    owner: OrganizationFiscalCode
    id: str


class SecretSweeps:
    """Find such configurations, and encrypt their secrets anew."""

    def __init__(self, store: DocumentStore, box: SecretBox | None) -> None:
        self._store = store
        self._box = box

    async def sealed_before(self, limit: int) -> list[SealedConfiguration]:
        """Return configurations to encrypt anew. Cost: a query, nothing without a rotation."""
        if self._box is None or self._box.previous_name is None:
            return []
        where = (Condition("sealed_under", "=", self._box.previous_name),)
        found = await self._store.sweep(REMOTE_CONTENT, Sweep(where, limit, _FIELDS))
        return [SealedConfiguration(one["owner"], one["id"]) for one in found]

    async def reseal(self, found: SealedConfiguration) -> None:
        """Encrypt the secrets of a configuration under the current secret.

        Cost: one point read and one replace.
        Concurrency: a replacement by its owner, which comes first, seals the secrets itself.
        """
        box = self._box
        with contextlib.suppress(NotFoundError, PreconditionFailedError, SecretLostError):
            stored = await self._store.read(REMOTE_CONTENT, found.owner, found.id)
            if box is None or stored.document["sealed_under"] == box.name:
                return
            sealed = {
                pointer: box.seal(found.id, pointer, box.open(found.id, pointer, one))
                for pointer, one in stored.document["sealed"].items()
            }
            new = {**stored.document, "sealed": sealed, "sealed_under": box.name}
            await self._store.replace(REMOTE_CONTENT, new, if_match=stored.etag)
