"""Keep one owner for each validated e-mail address, also after a crash between two writes.

The claim on an address and the profile of its owner are two documents. The profile decides: a claim
holds while the profile of its citizen has the address as validated.
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
"""The time that a claim holds before its profile is marked.

Without it, two citizens that claim an address at once would end each other's claims repeatedly.
"""
_PURPOSE: Final = "email-address"

type AddressClaims = tuple[tuple[str, str], ...]
"""Fingerprints of an address, each with the ETag of its claim."""


class EmailOwners:
    """Claims of validated addresses, under fingerprints keyed with the pseudonym secret.

    New claims are made under the current secret; claims under the previous secret still hold.
    Concurrency: a call that takes over a claim first changes the ETag of the former owner's
    profile. The mark of validation depends on this ETag. So a running call of the former owner can
    no longer mark the address, and reads the claim again.
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
        """The mark of a claim that a profile stores: it depends on the secret, not the address."""

    async def claim_late(self, settings: ProfileSettings, fiscal_code: str) -> bool:
        """Claim the profile's validated address if it is not yet claimed under this secret.

        Such an address was validated before addresses had owners, or the secret was replaced since.
        Return whether the caller must mark the profile. An address of another citizen stays
        validated, and after an outage the next call claims.
        Cost: none for a claimed address.
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

        Cost: one point read, or two while the secret is being replaced; one more for each owner.
        """
        for address in self._fingerprints(email):
            owner = await self._addresses.owner(address)
            if owner is None or owner.fiscal_code == fiscal_code:
                continue
            stored = await self._profiles.settings(owner.fiscal_code)
            if self._holds(owner, stored and stored.settings, email):
                return True
        return False

    async def refuse_taken(self, email: str, fiscal_code: str) -> None:
        """Raise EmailAlreadyTakenError where another citizen has the address; see `is_taken`."""
        if await self.is_taken(email, fiscal_code):
            raise EmailAlreadyTakenError

    async def claim(self, email: str, fiscal_code: str) -> None:
        """Make the citizen the owner of the address; an owner's claim is renewed.

        The caller marks the profile afterwards, under the condition of an ETag that it read before
        this call. Raise EmailAlreadyTakenError, UnavailableError.
        Cost: one create; two reads and one replace more for an existing claim.
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
            # replace the citizen's own claim too, so that a running release does not delete it
            await self._addresses.claim(address, fiscal_code, claimed_at, owner.etag)

    async def _end_other(self, owner: AddressOwner, fiscal_code: str, email: str) -> None:
        """End another citizen's claim that does not hold, so that it can never hold again.

        Raise EmailAlreadyTakenError, NotFoundError, PreconditionFailedError.
        """
        other = owner.fiscal_code
        if other == fiscal_code:
            return
        stored = await self._profiles.settings(other)
        if self._holds(owner, stored and stored.settings, email):
            raise EmailAlreadyTakenError
        if stored is not None:
            await self._profiles.renew_etag(other, self._clock.now(), stored.etag)

    def _holds(self, owner: AddressOwner, settings: ProfileSettings | None, email: str) -> bool:
        if settings is None:
            return False
        if abs(self._clock.now() - owner.claimed_at) < GRACE:
            return True
        address = settings.validated_email
        if address is None:
            return False
        return canonical_if_reachable(address) == canonical_if_reachable(email)

    async def claims_of(self, fiscal_code: str, email: str) -> AddressClaims:
        """Return the citizen's claims of the address. Call it before the address is removed.

        Cost: one point read, or two while the secret is being replaced.
        """
        claims = []
        for address in self._fingerprints(email):
            owner = await self._addresses.owner(address)
            if owner is not None and owner.fiscal_code == fiscal_code:
                claims.append((address, owner.etag))
        return tuple(claims)

    async def release(self, claims: AddressClaims) -> None:
        """Delete the claims, unless the citizen has claimed the address again since the read.

        A claim that remains after an outage has no effect, since the profile no longer has the
        address.
        """
        for address, etag in claims:
            try:
                await self._addresses.release(address, etag)
            except UnavailableError:
                return

    def _fingerprints(self, email: str) -> tuple[str, ...]:
        # the prefix keeps the fingerprint different from other pseudonyms
        return self._pseudonyms.all_of(f"{_PURPOSE}:{canonical_if_reachable(email)}")
