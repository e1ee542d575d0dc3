"""List the accesses to a citizen's data, for the citizen."""

from typing import NamedTuple

from lib.domain.access_log.access_entry import AccessEntry
from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.shared.values import Masked
from lib.repositories.access_log.access_entries import AccessEntries
from lib.repositories.parties.parties import Parties


class ShownAccesses(NamedTuple):
    """A page of entries, and the names of the delegates in it, those that are still known."""

    entries: list[AccessEntry]
    names: dict[DelegationId, Masked]
    cursor: str | None


class ListAccesses:
    """Return a page of a citizen's access log, the newest entries first.

    Cost: one query; one point read more for a page that has a delegate.
    """

    def __init__(self, entries: AccessEntries, parties: Parties) -> None:
        self._entries = entries
        self._parties = parties

    async def __call__(self, access: Access, *, size: int, cursor: str | None) -> ShownAccesses:
        """Return a page. Raise ContinuationError for a cursor from elsewhere."""
        page = await self._entries.page(access.subject, size, cursor)
        names: dict[DelegationId, Masked] = {}
        if any(one.actor.delegation_id is not None for one in page.entries):
            given = await self._parties.given(access.subject)
            names = {one.id: one.delegate_name for one in given.all if one.delegate_name}
        return ShownAccesses(page.entries, names, page.cursor)
