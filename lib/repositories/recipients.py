"""Citizens' profiles, preferences and activations as stored."""

from datetime import datetime

from pydantic import TypeAdapter

from lib.domain.recipient import Activation, Profile, ServicePreference
from lib.ports.documents import Container, Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.schema import ACTIVATIONS, PROFILES, SERVICE_PREFERENCES

PROFILE_ID = "profile"

_PROFILE = TypeAdapter(Profile)
_PREFERENCE = TypeAdapter(ServicePreference)


class Recipients:
    """What citizens chose; each method is one point read and returns None where nothing is."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def profile(self, fiscal_code: str) -> Profile | None:
        """Return the citizen's profile."""
        document = await self._read(PROFILES, fiscal_code, PROFILE_ID)
        if document is None:
            return None
        settings = document["service_preferences_settings"]
        return _PROFILE.validate_python(
            {
                **document,
                "mode": settings["mode"],
                "settings_version": settings["version"],
                "blocked": document.get("blocked_inbox_or_channels", {}),
            }
        )

    async def preference(self, fiscal_code: str, service_id: str) -> ServicePreference | None:
        """Return the choice for the service, of whatever settings version."""
        document = await self._read(SERVICE_PREFERENCES, fiscal_code, service_id)
        return None if document is None else _PREFERENCE.validate_python(document)

    async def activation(self, fiscal_code: str, service_id: str) -> Activation | None:
        """Return the activation of a SPECIAL service."""
        document = await self._read(ACTIVATIONS, fiscal_code, service_id)
        if document is None:
            return None
        return Activation(document["status"], datetime.fromisoformat(document["updated_at"]))

    async def _read(self, container: Container, fiscal_code: str, id_: str) -> Document | None:
        try:
            return (await self._store.read(container, fiscal_code, id_)).document
        except NotFoundError:
            return None
