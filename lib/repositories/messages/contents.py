"""Store contents that many messages share."""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from cachetools import LRUCache

from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import SharedContent
from lib.domain.shared.identifiers import ContentId, ServiceId
from lib.ports.documents import DocumentStore
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from lib.ports.schema.messages import CONTENTS

CACHED: Final = 200
"""The most contents that a process keeps: some 2 MB of the largest."""


class Contents:
    """Store each content once, under an id that follows from its service and its members.

    A content never changes, so a process keeps those that it read last.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._cache = LRUCache[ContentId, Mapping[str, Any]](CACHED)

    async def put(self, service_id: ServiceId, members: Mapping[str, Any]) -> ContentId:
        """Store the members and return their id; the same members again change nothing.

        Cost: one create.
        """
        written = orjson.dumps([service_id, members], option=orjson.OPT_SORT_KEYS)
        id_ = ContentId(hashlib.sha256(written).hexdigest())
        document = {"id": id_, "service_id": service_id, "members": dict(members)}
        with contextlib.suppress(ConflictError):
            await self._store.create(CONTENTS, document)
        return id_

    async def get(self, id_: ContentId) -> Mapping[str, Any]:
        """Return the members of a content. Cost: one point read, or none for a kept content.

        Raise UnavailableError for a content that is not visible yet.
        """
        members = self._cache.get(id_)
        if members is None:
            try:
                members = (await self._store.read(CONTENTS, id_, id_)).document["members"]
            except NotFoundError:
                raise UnavailableError("a shared content is not visible yet") from None
            self._cache[id_] = members
        return members

    async def whole(self, message: Message) -> Message:
        """Return the message with all members of its content. Cost: that of `get`, or none."""
        content = message.content
        if not isinstance(content, SharedContent):
            return message
        return replace(message, content=content.whole(await self.get(content.content_id)))
