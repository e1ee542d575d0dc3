"""Change many messages of an inbox with one call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lib.domain.identity.access import Access
from lib.domain.inbox.flags import Flags
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.use_cases.inbox.change_message_status import ChangeMessageStatus
from lib.use_cases.inbox.keep_to_services import KeepToServices
from lib.use_cases.inbox.list_inbox import InboxSearch, ListInbox

MOST: Final = 100
"""The most messages that one call changes."""
_AT_ONCE: Final = 10


class Outcome(StrEnum):
    """The outcome of one message. UNAVAILABLE: the same change may be sent again later."""

    CHANGED = "CHANGED"
    NOT_FOUND = "NOT_FOUND"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Changed:
    """The outcomes by message. `next`: the bound of the next call; None if no message is left."""

    outcomes: dict[MessageId, Outcome]
    next: MessageId | None = None


class ChangeMany:
    """Set the same flags of many messages, each by itself.

    Cost: those of KeepToServices and ChangeMessageStatus for each message; with a search, that of a
    page besides.
    Concurrency: a repeated call changes nothing more. After a crash in the middle, some messages
    are changed and others are not; the caller got no answer and sends the call again.
    """

    def __init__(self, keep: KeepToServices, change: ChangeMessageStatus, page: ListInbox) -> None:
        self._keep = keep
        self._change = change
        self._page = page

    async def of_ids(self, access: Access, ids: Sequence[MessageId], flags: Flags) -> Changed:
        """Change these messages, at most MOST."""
        return Changed(await self._all(access, ids, flags))

    async def of_search(
        self, access: Access, search: InboxSearch, flags: Flags, below: MessageId | None
    ) -> Changed:
        """Change the newest messages of a search with an id below the bound, at most MOST.

        The caller goes on with `next` until it is None. Messages that come meanwhile have greater
        ids, so a walk does not change them. Raise ImpossibleFilterError.
        """
        page = await self._page(access, search, size=MOST, maximum_id=below, minimum_id=None)
        ids = [message.id for message in page.items]
        return Changed(await self._all(access, ids, flags), page.next)

    async def _all(
        self, access: Access, ids: Sequence[MessageId], flags: Flags
    ) -> dict[MessageId, Outcome]:
        free = asyncio.Semaphore(_AT_ONCE)

        async def one(id_: MessageId) -> Outcome:
            async with free:
                try:
                    await self._keep(access, id_)
                    await self._change(access, id_, flags)
                except MessageNotFoundError:
                    return Outcome.NOT_FOUND
                except UnavailableError:
                    return Outcome.UNAVAILABLE
                return Outcome.CHANGED

        wanted = list(dict.fromkeys(ids))
        found = await asyncio.gather(*map(one, wanted))
        return dict(zip(wanted, found, strict=True))
