"""Return a citizen's own settings."""

import contextlib
from typing import NamedTuple

from lib.domain.identity.access import Access
from lib.domain.profiles.settings import ProfileSettings
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.profiles.email_owners import EmailOwners


class OwnProfile(NamedTuple):
    """A citizen's settings, and whether another citizen has validated their e-mail address."""

    settings: ProfileSettings
    is_email_already_taken: bool = False


class ReadProfile:
    """Return the settings; claim a validated address without an owner.

    Cost: one point read. An address that is not validated: one point read more, and one for its
    owner. A validated address without a claim: one create and one patch, once.
    """

    def __init__(self, profiles: Profiles, owners: EmailOwners) -> None:
        self._profiles = profiles
        self._owners = owners

    async def __call__(self, access: Access) -> OwnProfile:
        """Return the settings; without a profile the settings of a new profile, version 0."""
        stored = await self._profiles.settings(access.subject)
        if stored is None:
            return OwnProfile(ProfileSettings())
        settings, etag = stored
        if settings.email and not settings.is_email_validated:
            is_taken = await self._owners.is_taken(settings.email, access.subject)
            return OwnProfile(settings, is_taken)
        if await self._owners.claim_late(settings, access.subject):
            # a failed write must not fail the read, and the next read claims again
            with contextlib.suppress(NotFoundError, PreconditionFailedError, UnavailableError):
                mark = self._owners.claim_mark
                await self._profiles.mark_email_validated(access.subject, mark, etag)
        return OwnProfile(settings)
