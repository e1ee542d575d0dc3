"""Give a citizen a profile at the first login, as IO does."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from lib.domain.profiles.email_address import reachable
from lib.domain.profiles.errors import LeavingError
from lib.domain.profiles.settings import ProfileSettings
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.errors import ConflictError
from lib.repositories.profiles.profiles import Profiles

type RefuseLeaving = Callable[[str], Awaitable[None]]
"""Raises LeavingError for a citizen whose data is being erased."""
type MayTell = Callable[[str], Awaitable[bool]]
"""Tells whether the citizen offered a delegation whose delegate is told of messages."""


class NewSettings:
    """Return the settings of a new profile.

    A citizen may have given a delegation before there was a profile to note it in.
    Cost: two point reads.
    """

    def __init__(self, refuse_leaving: RefuseLeaving, may_tell: MayTell) -> None:
        self._refuse_leaving = refuse_leaving
        self._may_tell = may_tell

    async def __call__(self, fiscal_code: str) -> ProfileSettings:
        """Return the settings; raise LeavingError, UnavailableError."""
        await self._refuse_leaving(fiscal_code)
        return ProfileSettings(tells_delegates=await self._may_tell(fiscal_code) or None)


class CreateProfile:
    """Create a new profile of version 0 where there is none.

    The provider's address goes into it, and is not validated: the provider does not say that the
    citizen still reads it. A citizen whose data is being erased gets none: the erasure would delete
    it. Cost: one point read; that of NewSettings and one create at the first login.
    Concurrency: the first of several calls creates the profile, and the others leave it as it is.
    """

    def __init__(self, profiles: Profiles, new_settings: NewSettings) -> None:
        self._profiles = profiles
        self._new_settings = new_settings

    async def __call__(self, fiscal_code: FiscalCode, email: Masked) -> None:
        """Return once there is a profile; raise UnavailableError."""
        if await self._profiles.settings(fiscal_code) is not None:
            return
        address = _reachable(email)
        validated = None if address is None else False
        with contextlib.suppress(ConflictError, LeavingError):
            settings = await self._new_settings(fiscal_code)
            settings = replace(settings, email=address, is_email_validated=validated)
            await self._profiles.write_settings(fiscal_code, settings, None)


def _reachable(email: Masked) -> str | None:
    try:
        return Masked(reachable(email)) if email else None
    except ValueError:
        return None
