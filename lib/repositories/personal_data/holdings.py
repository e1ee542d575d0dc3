"""Read all documents that are stored about one citizen, for the citizen's own copy."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, NamedTuple

from lib.domain.messages.message import Message
from lib.ports.documents import Container, Document, DocumentStore, Query, QueryPage
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import (
    ACCESS_LOG,
    ACTIVATIONS,
    PARTIES,
    PROFILES,
    SERVICE_PREFERENCES,
    SESSIONS,
    STANDINGS,
    USER_DATA_PROCESSING,
)
from lib.ports.schema.documents import CERTIFICATE_LISTS, CERTIFICATE_REQUESTS, KEPT_DOCUMENTS
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import DAILY_LIMITS, INSTALLATIONS, NOTIFICATIONS
from lib.repositories.certificates.request_lists import LIST_ID
from lib.repositories.devices.devices import DEVICES_ID
from lib.repositories.messages.message_mapping import message_of
from lib.repositories.parties.parties import GIVEN_ID, HELD_ID
from lib.repositories.personal_data.data_requests import DOWNLOAD
from lib.repositories.profiles.profiles import PROFILE_ID
from lib.repositories.profiles.residents import STANDING_ID
from lib.repositories.sign_in.sessions import OF_THE_APP, SESSIONS_ID

_SINGLE: Final[tuple[tuple[str, Container, str], ...]] = (
    ("profile", PROFILES, PROFILE_ID),
    ("devices", INSTALLATIONS, DEVICES_ID),
    ("register-of-residents", STANDINGS, STANDING_ID),
    ("held-notifications", DAILY_LIMITS, "budget"),
    ("sessions", SESSIONS, SESSIONS_ID),
    ("requests", USER_DATA_PROCESSING, DOWNLOAD),
    ("held-delegations", PARTIES, HELD_ID),
)
_OF_THE_APP: Final = frozenset(
    {
        "ttl",
        OF_THE_APP,
        "archive",
        "begun",
        "claimant",
        "email_claim",
        "email_validation",
        "last_update",
        "listed_at",
        "swept_at",
        "sender_user_id",
        "subscription_id",
        "evidence_id",
        "intermediary_fiscal_code",
    }
)
"""Members that tell how the app works, or what a sender does in its own house."""
_GIVEN: Final = frozenset({"PROCESSED", "BINNED", "REMOVED", "REJECTED", "FAILED"})
"""The states of messages that left their sender; one that waits may still be dropped by it.

Messages in the bin, and those that were removed from it, are stored all the same."""
_PAGE: Final = 100

type _Ask = Callable[[Query], Awaitable[QueryPage]]
"""Returns a page of a query of one container."""


class HeldMessage(NamedTuple):
    """A message, and the members of its document that concern the citizen."""

    message: Message
    record: dict[str, Any]


class Holdings:
    """Read a citizen's partitions."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def records(self, fiscal_code: str) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield a name and all documents of it, for everything but messages.

        Cost: eight point reads, and one query for each hundred documents of five lists; one point
        read more for each request for a certificate.
        """
        for name, container, id_ in _SINGLE:
            try:
                stored = await self._store.read(container, fiscal_code, id_)
            except NotFoundError:
                continue
            yield name, [_record(stored.document)]
        if given := await self._given(fiscal_code):
            yield "given-delegations", given
        store = self._store
        for name, ask in (
            ("preferences", lambda query: store.query(SERVICE_PREFERENCES, query)),
            ("activations", lambda query: store.query(ACTIVATIONS, query)),
            ("notifications", lambda query: store.query(NOTIFICATIONS, query)),
            ("documents", lambda query: store.query(KEPT_DOCUMENTS, query)),
            ("access-log", lambda query: store.query(ACCESS_LOG, query)),
        ):
            found = [_record(one) async for page in _pages(ask, fiscal_code) for one in page]
            if found:
                yield name, found
        if requests := await self._certificate_requests(fiscal_code):
            yield "certificate-requests", requests

    async def _given(self, fiscal_code: str) -> list[dict[str, Any]]:
        """Return the citizen's delegations, with the delegates' names, as the citizen sees them."""
        try:
            stored = await self._store.read(PARTIES, fiscal_code, GIVEN_ID)
        except NotFoundError:
            return []
        delegations = stored.document["delegations"]
        return [{**one, "delegate": None} for one in delegations]

    async def _certificate_requests(self, fiscal_code: str) -> list[dict[str, Any]]:
        """Return the requests that the citizen's list names, a hundred at most."""
        try:
            listed = await self._store.read(CERTIFICATE_LISTS, fiscal_code, LIST_ID)
        except NotFoundError:
            return []
        found = []
        for service_id, id_, *_ in listed.document["requests"]:
            with contextlib.suppress(NotFoundError):
                stored = await self._store.read(CERTIFICATE_REQUESTS, service_id, id_)
                found.append(_record(stored.document))
        return found

    async def messages(self, fiscal_code: str) -> AsyncIterator[list[HeldMessage]]:
        """Yield pages of the messages to the citizen that their senders let go.

        Cost: one query for each hundred messages.
        """
        pages = _pages(lambda query: self._store.query(MESSAGES, query), fiscal_code)
        async for page in pages:
            given = (one for one in page if one["status"] in _GIVEN)
            yield [HeldMessage(message_of(one), _record(one)) for one in given]


async def _pages(ask: _Ask, fiscal_code: str) -> AsyncIterator[list[Document]]:
    continuation = None
    while True:
        page = await ask(Query(fiscal_code, _PAGE, continuation=continuation))
        yield page.items
        continuation = page.continuation
        if continuation is None:
            return


def _record(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _OF_THE_APP}
