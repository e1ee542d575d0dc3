"""Give a citizen a profile at the first login, as IO does."""

import contextlib

from lib.domain.profiles.email_address import reachable
from lib.domain.profiles.errors import LeavingError
from lib.domain.profiles.settings import ProfileSettings
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.errors import ConflictError
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.profiles.update_profile import RefuseLeaving


class CreateProfile:
    """Create a new profile of version 0 where there is none.

    The provider's address goes into it, and is not validated: the provider does not say that the
    citizen still reads it. A citizen whose data is being erased gets none: the erasure would delete
    it. Cost: one point read; one more and one create at the first login.
    Concurrency: the first of several calls creates the profile, and the others leave it as it is.
    """

    def __init__(self, profiles: Profiles, refuse_leaving: RefuseLeaving) -> None:
        self._profiles = profiles
        self._refuse_leaving = refuse_leaving

    async def __call__(self, fiscal_code: FiscalCode, email: Masked) -> None:
        """Return once there is a profile; raise UnavailableError."""
        if await self._profiles.settings(fiscal_code) is not None:
            return
        address = _reachable(email)
        settings = ProfileSettings(
            email=address, is_email_validated=None if address is None else False
        )
        with contextlib.suppress(ConflictError, LeavingError):
            await self._refuse_leaving(fiscal_code)
            await self._profiles.write_settings(fiscal_code, settings, None)


def _reachable(email: Masked) -> str | None:
    try:
        return Masked(reachable(email)) if email else None
    except ValueError:
        return None
