"""Keep one owner for each validated e-mail address, whatever happens between two writes.

The owner document of an address and the profile of its owner are two documents. The profile
decides: a claim holds while the profile of its citizen has the address as validated.
"""

from datetime import timedelta
from typing import Final

from lib.domain.profiles.email_address import canonical_if_reachable
from lib.domain.profiles.errors import EmailAlreadyTakenError
from lib.domain.profiles.settings import ProfileSettings
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.errors import (
    ConflictError,
    UnavailableError,
)
from lib.repositories.profiles.email_addresses import AddressOwner, EmailAddresses
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written

GRACE: Final = timedelta(seconds=30)
"""For how long a claim holds before its profile is marked; it spares two rivals many turns."""
_PURPOSE: Final = "email-address"

type AddressClaims = tuple[tuple[str, str], ...]
"""Fingerprints of an address, each with the ETag of its claim."""


class EmailOwners:
    """Claims of validated addresses, under fingerprints keyed with the pseudonym secret.

    New claims are made under the current secret; claims under the previous secret are respected.
    Concurrency: a call that takes over a claim first changes the ETag of the former owner's
    profile, which the mark of validation depends on. So a call of the former owner that is still
    under way cannot mark the address any more, and reads the claim again.
    """

    def __init__(
        self,
        addresses: EmailAddresses,
        profiles: Profiles,
        clock: Clock,
        pseudonyms: RotatingPseudonyms,
    ) -> None:
        self._addresses = addresses
        self._profiles = profiles
        self._clock = clock
        self._pseudonyms = pseudonyms
        self.claim_mark = pseudonyms.of(_PURPOSE)
        """What a profile keeps of a claim: it stands for the secret and not for the address."""

    async def claim_late(self, settings: ProfileSettings, fiscal_code: str) -> bool:
        """Claim the profile's validated address where it is not yet claimed under this secret.

        That is so where it was validated before addresses had owners, or where the secret was
        replaced. Return whether the profile is to be marked. An address that another citizen has
        stays validated, and an outage is no error: the next call claims.
        Cost: nothing where the address is claimed.
        """
        email = settings.validated_email
        if email is None or settings.email_claim == self.claim_mark:
            return False
        try:
            await self.claim(email, fiscal_code)
        except (EmailAlreadyTakenError, UnavailableError):
            return False
        return True

    async def is_taken(self, email: str, fiscal_code: str) -> bool:
        """Tell whether another citizen has the address. Raise UnavailableError.

        Cost: one point read, one more while the secret is being replaced; one for each owner.
        """
        for address in self._fingerprints(email):
            owner = await self._addresses.owner(address)
            if owner is None or owner.fiscal_code == fiscal_code:
                continue
            theirs = await self._profiles.settings(owner.fiscal_code)
            if self._holds(owner, theirs and theirs.settings, email):
                return True
        return False

    async def refuse_taken(self, email: str, fiscal_code: str) -> None:
        """Raise EmailAlreadyTakenError where another citizen has the address; see `is_taken`."""
        if await self.is_taken(email, fiscal_code):
            raise EmailAlreadyTakenError

    async def claim(self, email: str, fiscal_code: str) -> None:
        """Make the citizen the owner of the address, anew where the citizen is the owner already.

        Raise EmailAlreadyTakenError, UnavailableError. The caller marks the profile afterwards,
        on the condition of an ETag that was read before this call.
        Cost: one create; two reads and one replace more where there is a claim already.
        """
        current, *previous = self._fingerprints(email)

        async def attempt() -> AddressClaims:
            replaced = []
            for address in previous:
                owner = await self._addresses.owner(address)
                if owner is not None:
                    await self._end_other(owner, fiscal_code, email)
                    replaced.append((address, owner.etag))
            await self._claim_current(current, fiscal_code, email)
            return tuple(replaced)

        await self.release(await until_written("the owner of an address", attempt))

    async def _claim_current(self, address: str, fiscal_code: str, email: str) -> None:
        claimed_at = self._clock.now()
        try:
            await self._addresses.claim(address, fiscal_code, claimed_at, None)
        except ConflictError:
            owner = await self._addresses.owner(address)
            if owner is None:
                raise
            await self._end_other(owner, fiscal_code, email)
            # replace the citizen's own claim, too: a release under way must not delete it
            await self._addresses.claim(address, fiscal_code, claimed_at, owner.etag)

    async def _end_other(self, owner: AddressOwner, fiscal_code: str, email: str) -> None:
        """Make sure that another citizen's claim, which does not hold, can never hold again.

        Raise EmailAlreadyTakenError, NotFoundError, PreconditionFailedError.
        """
        other = owner.fiscal_code
        if other == fiscal_code:
            return
        theirs = await self._profiles.settings(other)
        if self._holds(owner, theirs and theirs.settings, email):
            raise EmailAlreadyTakenError
        if theirs is not None:
            await self._profiles.renew_etag(other, self._clock.now(), theirs.etag)

    def _holds(self, owner: AddressOwner, settings: ProfileSettings | None, email: str) -> bool:
        if settings is None:
            return False
        if abs(self._clock.now() - owner.claimed_at) < GRACE:
            return True
        theirs = settings.validated_email
        if theirs is None:
            return False
        return canonical_if_reachable(theirs) == canonical_if_reachable(email)

    async def claims_of(self, fiscal_code: str, email: str) -> AddressClaims:
        """Return the citizen's claims of the address, to be read before the address leaves.

        Cost: one point read, one more while the secret is being replaced.
        """
        claims = []
        for address in self._fingerprints(email):
            owner = await self._addresses.owner(address)
            if owner is not None and owner.fiscal_code == fiscal_code:
                claims.append((address, owner.etag))
        return tuple(claims)

    async def release(self, claims: AddressClaims) -> None:
        """Delete the claims, unless the citizen claimed the address again since they were read.

        A claim that remains after an outage has no effect, since the profile lost the address.
        """
        for address, etag in claims:
            try:
                await self._addresses.release(address, etag)
            except UnavailableError:
                return

    def _fingerprints(self, email: str) -> tuple[str, ...]:
        # with a prefix for the purpose, so that it equals no other pseudonym
        return self._pseudonyms.all_of(f"{_PURPOSE}:{canonical_if_reachable(email)}")
