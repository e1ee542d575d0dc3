"""Return a citizen's choice for one service."""

import asyncio
from dataclasses import dataclass, replace

from lib.domain.identity.access import Access
from lib.domain.profiles.choices import Mode, Profile, ServicePreference
from lib.domain.profiles.errors import ProfileNotFoundError, SettingsConflictError
from lib.domain.profiles.preference import choice
from lib.domain.profiles.switches import Switch
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.repositories.profiles.activations import Activations
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.services.services import Services


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice in effect for the service.

    `etag`: the ETag of the stored choice, of any settings version. `switches`: the
    last ones of its document. `activated`: whether a SPECIAL
    service is activated, which decides on the inbox; None for other services.
    """

    profile: Profile
    preference: ServicePreference
    etag: str | None
    switches: tuple[Switch, ...]
    activated: bool | None


class ReadServicePreference:
    """Return a citizen's choice for a service.

    Cost: two point reads; a third for a SPECIAL service.
    """

    def __init__(
        self, profiles: Profiles, activations: Activations, services: Services, clock: Clock
    ) -> None:
        self._profiles = profiles
        self._activations = activations
        self._services = services
        self._clock = clock

    async def __call__(self, access: Access, service_id: ServiceId) -> ServicePreference:
        """Return the choice; raise ProfileNotFoundError, ServiceNotFoundError.

        Raise SettingsConflictError in LEGACY mode.
        """
        found = await self.look(access.subject, service_id)
        if found.activated is None:
            return found.preference
        return replace(found.preference, is_inbox_enabled=found.activated)

    async def look(self, fiscal_code: str, service_id: ServiceId) -> Choice:
        """Return the choice with the data behind it. The errors are those of `__call__`."""
        profile, stored, service = await asyncio.gather(
            self._profiles.profile(fiscal_code),
            self._profiles.stored_preference(fiscal_code, service_id),
            self._services.get(service_id),
        )
        if profile is None:
            raise ProfileNotFoundError
        if service is None:
            raise ServiceNotFoundError
        if profile.mode is Mode.LEGACY:
            raise SettingsConflictError("In the mode LEGACY there are no choices per service.")
        activated = None
        if service.category == "SPECIAL":
            activation = await self._activations.get(fiscal_code, service_id)
            activated = activation is not None and activation.allows(self._clock.now())
        made, etag, switches = stored or (None, None, ())
        in_effect = choice(profile, made, service_id)
        return Choice(profile, in_effect, etag, switches, activated)
