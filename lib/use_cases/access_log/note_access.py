"""Note an access to a citizen's data in the citizen's access log."""

from typing import Final

from cachetools import LRUCache

from lib import telemetry
from lib.domain.access_log.access_entry import AccessEntry
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.errors import PortError
from lib.repositories.access_log.access_entries import AccessEntries

MOST_KNOWN: Final = 10_000
"""The entries that a process remembers, so that it does not write them again."""


class NoteAccess:
    """Note an access, once a day for equal ones.

    It runs when the answer is decided and before it leaves, so each answer that leaves has its
    entry. A crash in between leaves an access without an entry, whose caller got no answer. An
    outage of the store never fails the call: it is logged and counted.
    Cost: one create; none for an access that this process noted before.
    Concurrency: equal accesses at the same time make one entry.
    """

    def __init__(self, entries: AccessEntries) -> None:
        self._entries = entries
        self._known = LRUCache[tuple[str, str], bool](MOST_KNOWN)

    async def __call__(self, fiscal_code: FiscalCode, entry: AccessEntry) -> None:
        """Note an access to the data of this citizen."""
        key = fiscal_code, entry.id
        if key in self._known:
            return
        try:
            await self._entries.add(fiscal_code, entry)
        except PortError as error:
            telemetry.access_unnoted(error)
        else:
            self._known[key] = True
