"""Change a citizen's choice for one service."""

from datetime import datetime

from lib.domain.identity.access import Access
from lib.domain.profiles.choices import ServicePreference
from lib.domain.profiles.errors import SettingsConflictError
from lib.domain.profiles.preference import with_choice
from lib.domain.profiles.switches import Switch, time_of_next, with_switch
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.feed.announce_switch import AnnounceSwitch
from lib.use_cases.profiles.read_service_preference import Choice, ReadServicePreference


class ChangeServicePreference:
    """Change a citizen's choice for a service.

    Cost: the reads of ReadServicePreference, and one conditional write. One put more if
    the service may write from now on, or no longer.
    Concurrency: the later of two changes holds. A change under an earlier settings version does not
    replace a change under the current version.
    """

    def __init__(
        self,
        profiles: Profiles,
        read: ReadServicePreference,
        announce: AnnounceSwitch,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._read = read
        self._announce = announce
        self._clock = clock

    async def __call__(
        self, access: Access, service_id: ServiceId, wanted: ServicePreference
    ) -> ServicePreference:
        """Return the stored choice; UNKNOWN in `wanted` keeps the former choice.

        Raise ProfileNotFoundError, ServiceNotFoundError, SettingsConflictError, UnavailableError.
        """

        async def attempt() -> ServicePreference:
            found = await self._read.look(access.subject, service_id)
            if wanted.settings_version != found.profile.settings_version:
                raise SettingsConflictError(
                    f"The settings version is {found.profile.settings_version}."
                )
            if found.activated not in {None, wanted.is_inbox_enabled}:
                raise SettingsConflictError(
                    "The inbox of this service follows its activation, which says otherwise."
                )
            preference = with_choice(found.preference, wanted)
            switches = found.switches
            if switched := _switched(found, preference, self._clock.now()):
                switches = with_switch(switches, switched)
                await self._announce(access.subject, switched, service_id)
            await self._profiles.write_preference(
                access.subject, service_id, preference, found.etag, switches
            )
            return preference

        return await until_written("a service preference", attempt)


def _switched(found: Choice, wanted: ServicePreference, now: datetime) -> Switch | None:
    """Return the switch that the change makes, None if the same services may write as before.

    The activation decides on the inbox of a SPECIAL service, and its service wrote it.
    """
    is_on = wanted.is_inbox_enabled
    if found.activated is not None or not found.profile.is_inbox_enabled:
        return None
    if found.preference.is_inbox_enabled is is_on:
        return None
    at = time_of_next(found.switches, now)
    return Switch(at, found.profile.settings_version, is_on)
