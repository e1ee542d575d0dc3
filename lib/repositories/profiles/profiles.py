"""Store citizens' profiles and preferences."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from lib.domain.profiles.choices import Profile, ServicePreference
from lib.domain.profiles.settings import EmailValidation, ProfileSettings
from lib.domain.profiles.switches import Switch
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import (
    Container,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
    Stored,
)
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import PROFILES, SERVICE_PREFERENCES
from lib.repositories.profiles.profile_documents import (
    EMAIL_CLAIM,
    FORMER_ADDRESSES,
    SWITCHES,
    VALIDATION,
    document_of,
    profile_of,
    settings_of,
    stored_switches,
    stored_validation,
    switches_of,
)
from lib.repositories.shared.optimistic import until_written

PROFILE_ID: Final = "profile"
CHOICES_OF_A_PAGE: Final = 100


class StoredSettings(NamedTuple):
    """A citizen's settings as read, and the ETag for a conditional write."""

    settings: ProfileSettings
    etag: str


class StoredPreference(NamedTuple):
    """A citizen's choice for a service as read, of any settings version, and its ETag.

    `switches`: the last ones, see `Switch`.
    """

    preference: ServicePreference
    etag: str
    switches: tuple[Switch, ...] = ()


class Profiles:
    """Store citizens' settings and choices. Cost: one point read for each read."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def profile(self, fiscal_code: str) -> Profile | None:
        """Return the settings that decide about messages; None for a citizen without a profile."""
        stored = await self._read(PROFILES, fiscal_code, PROFILE_ID)
        return None if stored is None else profile_of(stored.document)

    async def settings(self, fiscal_code: str) -> StoredSettings | None:
        """Return the citizen's settings; None for a citizen without a profile."""
        stored = await self._read(PROFILES, fiscal_code, PROFILE_ID)
        return None if stored is None else StoredSettings(settings_of(stored.document), stored.etag)

    async def preference(self, fiscal_code: str, service_id: ServiceId) -> ServicePreference | None:
        """Return the choice for the service, also under an earlier settings version."""
        stored = await self.stored_preference(fiscal_code, service_id)
        return None if stored is None else stored.preference

    async def stored_preference(
        self, fiscal_code: str, service_id: ServiceId
    ) -> StoredPreference | None:
        """Return the choice with its ETag, also under an earlier settings version."""
        stored = await self._read(SERVICE_PREFERENCES, fiscal_code, service_id)
        if stored is None:
            return None
        document = stored.document
        return StoredPreference(preference_of(document), stored.etag, switches_of(document))

    async def write_settings(
        self, fiscal_code: str, settings: ProfileSettings, etag: str | None
    ) -> None:
        """Replace the settings with this ETag; without an ETag create the profile.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        await self._write(PROFILES, document_of(fiscal_code, PROFILE_ID, settings), etag)

    async def write_preference(
        self,
        fiscal_code: str,
        service_id: ServiceId,
        preference: ServicePreference,
        etag: str | None,
        switches: tuple[Switch, ...],
    ) -> None:
        """Store a choice; the meaning of the ETag and the errors are those of `write_settings`.

        `switches`: all that the document is to keep.
        """
        document = {**asdict(preference), "id": service_id, "fiscal_code": fiscal_code}
        if switches:
            document[SWITCHES] = stored_switches(switches)
        await self._write(SERVICE_PREFERENCES, document, etag)

    async def choices(
        self, fiscal_code: str, continuation: str | None
    ) -> tuple[list[tuple[ServiceId, ServicePreference]], str | None]:
        """Return a page of the citizen's choices, of any settings version. Cost: one query."""
        page = await self._store.query(
            SERVICE_PREFERENCES,
            Query(fiscal_code, limit=CHOICES_OF_A_PAGE, continuation=continuation),
        )
        found = [(ServiceId(one["id"]), preference_of(one)) for one in page.items]
        return found, page.continuation

    async def note_validation(
        self, fiscal_code: str, validation: EmailValidation, etag: str
    ) -> None:
        """Store the validation e-mail whose link is valid from now on.

        Raise NotFoundError, PreconditionFailedError.
        """
        operation = PatchOperation("set", f"/{VALIDATION}", stored_validation(validation))
        await self._patch(fiscal_code, etag, operation)

    async def forget_former_address(self, fiscal_code: str, change_id: str) -> None:
        """Remove a former address from the profile; do nothing if the address is gone.

        Raise UnavailableError.
        Concurrency: the write depends on the profile's ETag, since other updates may extend the
        list.
        """

        async def attempt() -> None:
            stored = await self._read(PROFILES, fiscal_code, PROFILE_ID)
            before = stored.document.get(FORMER_ADDRESSES, []) if stored else []
            after = [former for former in before if former["id"] != change_id]
            if stored is not None and after != before:
                operation = PatchOperation("set", f"/{FORMER_ADDRESSES}", after)
                await self._patch(fiscal_code, stored.etag, operation)

        await until_written("a profile", attempt)

    async def mark_email_validated(self, fiscal_code: str, claim: str, etag: str) -> None:
        """Mark the address as validated. `claim`: the mark of the secret of the address's claim.

        Raise NotFoundError, PreconditionFailedError.
        """
        await self._patch(
            fiscal_code,
            etag,
            PatchOperation("set", "/is_email_validated", value=True),
            PatchOperation("set", f"/{EMAIL_CLAIM}", claim),
        )

    async def renew_etag(self, fiscal_code: str, now: datetime, etag: str) -> None:
        """Give the profile a new ETag, so that no pending write with this ETag succeeds.

        Raise NotFoundError, PreconditionFailedError.
        """
        operation = PatchOperation("set", "/email_claim_ended_at", timestamp(now))
        await self._patch(fiscal_code, etag, operation)

    async def _read(self, container: Container, fiscal_code: str, id_: str) -> Stored | None:
        try:
            return await self._store.read(container, fiscal_code, id_)
        except NotFoundError:
            return None

    async def _write(self, container: Container, document: Document, etag: str | None) -> None:
        if etag is None:
            await self._store.create(container, document)
        else:
            await self._store.replace(container, document, if_match=etag)

    async def _patch(self, fiscal_code: str, etag: str, *operations: PatchOperation) -> None:
        await self._store.patch(PROFILES, fiscal_code, PROFILE_ID, operations, if_match=etag)


def preference_of(document: Document) -> ServicePreference:
    """Return the choice in a document."""
    return _preferences().validate_python(document)


@cache
def _preferences() -> TypeAdapter[ServicePreference]:
    return TypeAdapter(ServicePreference)
