"""Store configurations of remote content in the partition of their organisation."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.errors import RemoteContentOffError
from lib.domain.remote_content.secrets import Secrets, masked
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import BatchOperation, Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import REMOTE_CONTENT
from lib.repositories.remote_content.secret_box import SecretBox
from lib.repositories.shared.loading_cache import LoadingCache

INDEX_ID: Final = "index"


@dataclass(frozen=True, slots=True)
class StoredConfiguration:
    """A stored configuration. `content` has the mask in place of each secret.

    `user_id`: the account that made it. `sealed`: the encrypted secrets, each by its field.
    """

    id: str
    user_id: str
    content: Configuration
    etag: str = field(compare=False)
    sealed: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """The ids of an organisation's configurations, the oldest first. `etag`: None if new."""

    ids: tuple[str, ...]
    etag: str | None


class Configurations:
    """Read and write the configurations of organisations.

    An index document names the configurations of its organisation. One batch writes a new
    configuration and the index, so that each configuration is listed, and point reads make the
    list, so that it has every configuration whose creation was answered.
    """

    def __init__(self, store: DocumentStore, box: SecretBox | None, remember: timedelta) -> None:
        self._store = store
        self._box = box
        self._cache = LoadingCache(self._load, seconds=remember.total_seconds())

    @property
    def box(self) -> SecretBox:
        """The encryption of secrets. Raise RemoteContentOffError without a secret for it."""
        if self._box is None:
            raise RemoteContentOffError
        return self._box

    async def get(self, owner: OrganizationFiscalCode, id_: str) -> StoredConfiguration | None:
        """Return an organisation's configuration, None if it is not stored. Cost: one read."""
        try:
            stored = await self._store.read(REMOTE_CONTENT, owner, id_)
        except NotFoundError:
            return None
        document = stored.document
        return StoredConfiguration(
            id=document["id"],
            user_id=document["user_id"],
            content=Configuration.model_validate(document["content"]),
            etag=stored.etag,
            sealed=document["sealed"],
        )

    async def cached(self, owner: OrganizationFiscalCode, id_: str) -> StoredConfiguration | None:
        """Return a configuration that is at most `remember` old, as `get` does.

        Cost: one point read for a configuration that is not cached.
        """
        return await self._cache.get((owner, id_))

    async def _load(self, key: tuple[OrganizationFiscalCode, str]) -> StoredConfiguration | None:
        return await self.get(*key)

    async def index(self, owner: OrganizationFiscalCode) -> Index:
        """Return the ids of an organisation's configurations. Cost: one point read."""
        try:
            stored = await self._store.read(REMOTE_CONTENT, owner, INDEX_ID)
        except NotFoundError:
            return Index((), None)
        return Index(tuple(stored.document["ids"]), stored.etag)

    async def all_of(self, owner: OrganizationFiscalCode) -> list[StoredConfiguration]:
        """Return an organisation's configurations. Cost: a point read each, and one more."""
        ids = (await self.index(owner)).ids
        found = await asyncio.gather(*(self.get(owner, id_) for id_ in ids))
        return [one for one in found if one is not None]

    async def add(self, owner: OrganizationFiscalCode, index: Index, new: Document) -> None:
        """Store a new configuration and name it in the index. Cost: one batch of two.

        `new`: as `document` returns it. Raise ConflictError or PreconditionFailedError if the index
        has changed meanwhile.
        """
        named: Document = {"id": INDEX_ID, "owner": owner, "ids": [*index.ids, new["id"]]}
        await self._store.batch(
            REMOTE_CONTENT,
            owner,
            (
                BatchOperation("replace", named, if_match=index.etag)
                if index.etag is not None
                else BatchOperation("create", named),
                BatchOperation("create", new),
            ),
        )

    async def replace(self, new: Document, etag: str) -> None:
        """Replace a configuration. Raise NotFoundError, PreconditionFailedError."""
        await self._store.replace(REMOTE_CONTENT, new, if_match=etag)

    def document(
        self,
        owner: OrganizationFiscalCode,
        id_: str,
        user_id: str,
        content: Configuration,
        secrets: Secrets,
    ) -> Document:
        """Return the document of a configuration with its secrets sealed."""
        return {
            "id": id_,
            "owner": owner,
            "user_id": user_id,
            "content": masked(content).model_dump(exclude_none=True),
            "sealed_under": self.box.name,
            "sealed": {
                pointer: self.box.seal(id_, pointer, secret) for pointer, secret in secrets.items()
            },
        }

    def opened(self, stored: StoredConfiguration, pointers: Iterable[str]) -> dict[str, str]:
        """Return the stored secrets of these fields, in clear. Raise SecretLostError."""
        return {
            pointer: self.box.open(stored.id, pointer, stored.sealed[pointer])
            for pointer in pointers
            if pointer in stored.sealed
        }
