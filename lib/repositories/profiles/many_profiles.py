"""Read the profiles, preferences and activations of many citizens at once."""

from collections.abc import Sequence

from lib.domain.profiles.choices import Activation, Profile, ServicePreference
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore
from lib.ports.schema.citizens import ACTIVATIONS, PROFILES, SERVICE_PREFERENCES
from lib.repositories.profiles.activations import activation_of
from lib.repositories.profiles.profile_documents import profile_of
from lib.repositories.profiles.profiles import PROFILE_ID, preference_of


class ManyProfiles:
    """Read documents of many citizens; a citizen without the document is left out.

    `fiscal_codes`: distinct. Cost: one read in bulk for each call.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def profiles(self, fiscal_codes: Sequence[str]) -> dict[str, Profile]:
        """Return the settings that decide about messages, by fiscal code."""
        found = await self._store.read_many(PROFILES, PROFILE_ID, fiscal_codes)
        return {code: profile_of(stored.document) for code, stored in found.items()}

    async def preferences(
        self, fiscal_codes: Sequence[str], service_id: ServiceId
    ) -> dict[str, ServicePreference]:
        """Return the choices for the service, also under an earlier settings version."""
        found = await self._store.read_many(SERVICE_PREFERENCES, service_id, fiscal_codes)
        return {code: preference_of(stored.document) for code, stored in found.items()}

    async def activations(
        self, fiscal_codes: Sequence[str], service_id: ServiceId
    ) -> dict[str, Activation]:
        """Return the activations of a SPECIAL service."""
        found = await self._store.read_many(ACTIVATIONS, service_id, fiscal_codes)
        return {code: activation_of(stored.document) for code, stored in found.items()}
