"""Citizens' profiles, preferences and activations as stored."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from lib.domain.profiles.profile import EMAIL_CLAIM
from lib.domain.profiles.recipient import Activation, Profile, ServicePreference
from lib.ports.documents import (
    Container,
    Document,
    DocumentStore,
    PatchOperation,
    Stored,
)
from lib.ports.errors import NotFoundError
from lib.ports.schema import ACTIVATIONS, PROFILES, SERVICE_PREFERENCES
from lib.repositories.shared.optimistic import until_written

PROFILE_ID = "profile"
VALIDATION = "email_validation"
"""In a profile: the last validation asked for."""
EMAIL_CHANGES = "email_changes"
"""In a profile: validated addresses that left the profile and are still to be told of it."""

_PROFILE = TypeAdapter(Profile)
_PREFERENCE = TypeAdapter(ServicePreference)


def profile_of(document: Document) -> Profile:
    """Read a profile as stored."""
    settings, quiet = document["service_preferences_settings"], document.get("quiet_hours")
    return _PROFILE.validate_python(
        {
            **document,
            "mode": settings["mode"],
            "settings_version": settings["version"],
            "blocked": document.get("blocked_inbox_or_channels", {}),
            "quiet_hours": quiet and (quiet["from"], quiet["to"]),
        }
    )


def preference_of(document: Document) -> ServicePreference:
    """Read a choice as stored."""
    return _PREFERENCE.validate_python(document)


class Recipients:
    """What citizens chose; a read is one point read and returns None where nothing is."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def profile(self, fiscal_code: str) -> Profile | None:
        """Return the citizen's profile."""
        stored = await self.stored_profile(fiscal_code)
        return None if stored is None else profile_of(stored.document)

    async def preference(self, fiscal_code: str, service_id: str) -> ServicePreference | None:
        """Return the choice for the service, of whatever settings version."""
        stored = await self.stored_preference(fiscal_code, service_id)
        return None if stored is None else preference_of(stored.document)

    async def stored_profile(self, fiscal_code: str) -> Stored | None:
        """Return the profile as stored."""
        return await self._read(PROFILES, fiscal_code, PROFILE_ID)

    async def stored_preference(self, fiscal_code: str, service_id: str) -> Stored | None:
        """Return the choice as stored; see `preference`."""
        return await self._read(SERVICE_PREFERENCES, fiscal_code, service_id)

    async def write_profile(
        self, fiscal_code: str, profile: Mapping[str, Any], etag: str | None
    ) -> Document:
        """Replace what has the etag, create without one; return the profile as stored.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document = {**profile, "id": PROFILE_ID, "fiscal_code": fiscal_code}
        return await self._write(PROFILES, document, etag)

    async def write_preference(
        self, fiscal_code: str, service_id: str, preference: ServicePreference, etag: str | None
    ) -> None:
        """Write a choice; else as `write_profile`."""
        document = {**asdict(preference), "id": service_id, "fiscal_code": fiscal_code}
        await self._write(SERVICE_PREFERENCES, document, etag)

    async def note_validation(
        self, fiscal_code: str, validation: Mapping[str, Any], etag: str
    ) -> None:
        """Keep what the citizen asked for last: `id`, `at`, `sent` and the address's fingerprint.

        Raise NotFoundError, PreconditionFailedError.
        """
        operation = PatchOperation("set", f"/{VALIDATION}", dict(validation))
        await self._store.patch(PROFILES, fiscal_code, PROFILE_ID, (operation,), if_match=etag)

    async def forget_email_change(self, fiscal_code: str, change_id: str) -> None:
        """Take a former address out of the profile; nothing where it is gone. UnavailableError.

        Concurrency: the profile's ETag guards the list, which other updates may lengthen.
        """

        async def attempt() -> None:
            stored = await self.stored_profile(fiscal_code)
            before = stored.document.get(EMAIL_CHANGES, []) if stored else []
            after = [one for one in before if one["id"] != change_id]
            if stored is None or after == before:
                return
            operation = PatchOperation("set", f"/{EMAIL_CHANGES}", after)
            await self._store.patch(
                PROFILES, fiscal_code, PROFILE_ID, (operation,), if_match=stored.etag
            )

        await until_written("a profile", attempt)

    async def mark_validated(self, fiscal_code: str, claim: str, etag: str) -> None:
        """Mark the address as the citizen's own, claimed under the secret that `claim` stands for.

        Raise NotFoundError, PreconditionFailedError.
        """
        operations = (
            PatchOperation("set", "/is_email_validated", value=True),
            PatchOperation("set", f"/{EMAIL_CLAIM}", claim),
        )
        await self._store.patch(PROFILES, fiscal_code, PROFILE_ID, operations, if_match=etag)

    async def end_marking(self, fiscal_code: str, moment: str, etag: str) -> None:
        """Give the profile another ETag, so that no `mark_validated` under way goes through.

        Raise NotFoundError, PreconditionFailedError.
        """
        operation = PatchOperation("set", "/email_claim_ended_at", moment)
        await self._store.patch(PROFILES, fiscal_code, PROFILE_ID, (operation,), if_match=etag)

    async def activation(self, fiscal_code: str, service_id: str) -> Activation | None:
        """Return the activation of a SPECIAL service."""
        stored = await self._read(ACTIVATIONS, fiscal_code, service_id)
        if stored is None:
            return None
        document = stored.document
        return Activation(document["status"], datetime.fromisoformat(document["updated_at"]))

    async def _read(self, container: Container, fiscal_code: str, id_: str) -> Stored | None:
        try:
            return await self._store.read(container, fiscal_code, id_)
        except NotFoundError:
            return None

    async def _write(self, container: Container, document: Document, etag: str | None) -> Document:
        if etag is None:
            return (await self._store.create(container, document)).document
        return (await self._store.replace(container, document, if_match=etag)).document
