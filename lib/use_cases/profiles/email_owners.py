"""Keep one owner for each validated e-mail address, whatever happens between two writes.

The owner document of an address and the profile of its owner are two documents. The profile
decides: a claim holds while the profile of its citizen has the address as validated.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from lib.domain.profiles.email_address import canonical_if_reachable
from lib.domain.profiles.errors import EmailAlreadyTakenError
from lib.domain.profiles.profile import EMAIL_CLAIM
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore, Stored
from lib.ports.errors import (
    ConflictError,
    UnavailableError,
)
from lib.repositories.profiles.email_addresses import EmailAddresses
from lib.repositories.profiles.recipients import Recipients
from lib.repositories.shared.optimistic import until_written

GRACE: Final = timedelta(seconds=30)
"""For how long a claim holds before its profile is marked; it spares two rivals many turns."""
_PURPOSE: Final = "email-address"

type Held = tuple[tuple[str, str], ...]
"""Fingerprints of an address, each with the ETag of the claim."""


class EmailOwners:
    """Claims of validated addresses, under fingerprints keyed with the pseudonym secret.

    New claims are made under the current secret; claims under the previous secret are respected.
    Concurrency: whoever takes over a claim first changes the ETag of the former owner's profile,
    on which the mark of validation depends. So the former owner's call, if it is still under way,
    cannot mark the address any more, and looks at the claim again.
    """

    def __init__(self, store: DocumentStore, clock: Clock, pseudonyms: RotatingPseudonyms) -> None:
        self._addresses = EmailAddresses(store)
        self._recipients = Recipients(store)
        self._clock = clock
        self._pseudonyms = pseudonyms
        self.claim_mark = pseudonyms.of(_PURPOSE)
        """What a profile keeps of a claim: it stands for the secret and not for the address."""

    async def claim_late(self, profile: Mapping[str, Any], fiscal_code: str) -> bool:
        """Claim the profile's validated address where it is not yet claimed under this secret.

        It was validated before addresses had owners, or the secret has been replaced. Tell whether
        the profile is to be marked. An address that another citizen has stays validated, too, and
        an outage is no error: the next call claims. Cost: nothing where it is claimed.
        """
        email = profile.get("email")
        is_claimed = profile.get(EMAIL_CLAIM) == self.claim_mark
        if not email or not profile.get("is_email_validated") or is_claimed:
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
            if owner is None or owner.document["fiscal_code"] == fiscal_code:
                continue
            profile = await self._recipients.stored_profile(owner.document["fiscal_code"])
            if self._holds(owner, profile, email):
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

        async def attempt() -> Held:
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
        claimed_at = timestamp(self._clock.now())
        try:
            await self._addresses.claim(address, fiscal_code, claimed_at, None)
        except ConflictError:
            owner = await self._addresses.owner(address)
            if owner is None:
                raise
            await self._end_other(owner, fiscal_code, email)
            # of the citizen's own claim, too: a release that is under way must not delete it
            await self._addresses.claim(address, fiscal_code, claimed_at, owner.etag)

    async def _end_other(self, owner: Stored, fiscal_code: str, email: str) -> None:
        """Make sure that another citizen's claim, which does not hold, never will.

        Raise EmailAlreadyTakenError, NotFoundError, PreconditionFailedError.
        """
        other = owner.document["fiscal_code"]
        if other == fiscal_code:
            return
        profile = await self._recipients.stored_profile(other)
        if self._holds(owner, profile, email):
            raise EmailAlreadyTakenError
        if profile is not None:
            now = timestamp(self._clock.now())
            await self._recipients.end_marking(other, now, profile.etag)

    def _holds(self, owner: Stored, profile: Stored | None, email: str) -> bool:
        if profile is None:
            return False
        age = self._clock.now() - parse_timestamp(owner.document["claimed_at"])
        if abs(age) < GRACE:
            return True
        theirs = profile.document.get("email")
        if not theirs or not profile.document.get("is_email_validated"):
            return False
        return canonical_if_reachable(theirs) == canonical_if_reachable(email)

    async def held_by(self, fiscal_code: str, email: str) -> Held:
        """Return the citizen's claims of the address, to be read before the address leaves.

        Cost: one point read, one more while the secret is being replaced.
        """
        held = []
        for address in self._fingerprints(email):
            owner = await self._addresses.owner(address)
            if owner is not None and owner.document["fiscal_code"] == fiscal_code:
                held.append((address, owner.etag))
        return tuple(held)

    async def release(self, held: Held) -> None:
        """Delete the claims, unless the citizen claimed the address anew since they were read.

        What an outage leaves holds nothing, since the profile does not have the address any more.
        """
        for address, etag in held:
            try:
                await self._addresses.release(address, etag)
            except UnavailableError:
                return

    def _fingerprints(self, email: str) -> tuple[str, ...]:
        # with a purpose before it, so that it is no pseudonym of anything else
        return self._pseudonyms.all_of(f"{_PURPOSE}:{canonical_if_reachable(email)}")
