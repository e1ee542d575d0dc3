"""Mark an e-mail address as the citizen's own, by the link in the validation e-mail."""

from lib.ports.clock import Clock
from lib.rendering.email.links import Grant, Links
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.email_owners import EmailOwners


class ValidateEmail:
    """Claim the address for the citizen, then mark it in the profile.

    A crash between the two writes leaves a claim that does not hold; the same link claims again.
    Cost: one point read, one create, one conditional patch; a repeated call costs one point read.
    """

    def __init__(
        self, profiles: Profiles, links: Links | None, clock: Clock, owners: EmailOwners
    ) -> None:
        self._profiles = profiles
        self._links = links
        self._clock = clock
        self._owners = owners

    def opens(self, token: str) -> bool:
        """Tell whether the token is valid, without reading the citizen's settings."""
        return self._grant(token) is not None

    async def __call__(self, token: str) -> bool:
        """Tell whether the address is validated; False if the citizen has another address now.

        Raise EmailAlreadyTakenError where another citizen validated it, UnavailableError.
        """
        grant = self._grant(token)
        links = self._links
        if grant is None or links is None:
            return False

        async def attempt() -> bool:
            stored = await self._profiles.settings(grant.fiscal_code)
            email = stored and stored.settings.email
            if not stored or not email or not links.is_for(grant.address, email):
                return False
            if not stored.settings.is_email_validated:
                await self._owners.claim(email, grant.fiscal_code)
                mark = self._owners.claim_mark
                await self._profiles.mark_email_validated(grant.fiscal_code, mark, stored.etag)
            return True

        return await until_written("a profile", attempt)

    def _grant(self, token: str) -> Grant | None:
        if self._links is None:
            return None
        return self._links.read("validate", token, self._clock.now())
