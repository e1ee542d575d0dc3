"""Change a citizen's choice for one service."""

from lib.domain.identity.access import Access
from lib.domain.profiles.choices import ServicePreference
from lib.domain.profiles.errors import SettingsConflictError
from lib.domain.profiles.preference import with_choice
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.read_service_preference import ReadServicePreference


class ChangeServicePreference:
    """Change a citizen's choice for a service.

    Cost: the reads of ReadServicePreference, and one conditional write.
    Concurrency: the later of two changes holds. A change under an earlier settings version does not
    replace a change under the current version.
    """

    def __init__(self, profiles: Profiles, read: ReadServicePreference) -> None:
        self._profiles = profiles
        self._read = read

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
            await self._profiles.write_preference(
                access.subject, service_id, preference, found.etag
            )
            return preference

        return await until_written("a service preference", attempt)
