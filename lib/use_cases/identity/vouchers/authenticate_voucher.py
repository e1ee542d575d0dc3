"""Authenticate a sender by a voucher of PDND, in place of the key of its service."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache

from lib.domain.identity.errors import InvalidVoucherError
from lib.domain.identity.vouchers.parts import VOUCHER
from lib.domain.identity.vouchers.proof import ProvenCall
from lib.domain.identity.vouchers.voucher import Voucher, voucher_of
from lib.domain.services.subscription import KeyHolder, SubscriptionKind
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.keys import KeySet
from lib.repositories.identity.voucher_clients import VoucherClients
from lib.repositories.services.key_holders import KeyHolders
from lib.use_cases.identity.failed_calls import FailedCalls
from lib.use_cases.identity.vouchers.check_proof import CheckProof
from lib.use_cases.identity.vouchers.signed import header_of, verified
from lib.use_cases.identity.vouchers.voucher_holder import VoucherHolder

MAX_REMEMBERED: Final = 10_000
REMEMBER_SECONDS: Final = 600
"""So long a voucher is accepted after the authority has withdrawn the key that signed it."""


@dataclass(frozen=True, slots=True)
class VoucherRules:
    """The rules for vouchers of this installation.

    `audiences`: the names of this e-service. `bases`: the addresses of the installation for proofs.
    `is_local`: proofs may name any address of this machine.
    """

    issuer: str
    audiences: tuple[str, ...]
    bases: tuple[str, ...]
    is_local: bool = False


class AuthenticateVoucher:
    """Verify a voucher, and find the subscription that its client is linked to.

    `keys`: the authority's keys; None: the installation takes no vouchers.
    Cost: no read for a client whose link and subscription are cached, else one point read for the
    link and two to five for the subscription. A voucher is verified once in ten minutes, a proof
    with each call.
    """

    def __init__(
        self,
        keys: KeySet | None,
        rules: VoucherRules,
        clients: VoucherClients,
        holders: KeyHolders,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._rules = rules
        self._clients = clients
        self._holders = holders
        self._clock = clock
        self._check_proof = CheckProof(clock)
        self._failed = FailedCalls()
        self._verified = TTLCache[bytes, Voucher](MAX_REMEMBERED, REMEMBER_SECONDS)

    @property
    def is_on(self) -> bool:
        """Whether the installation takes vouchers."""
        return self._keys is not None

    async def __call__(
        self,
        authorization: str,
        proof: str | None,
        call: Callable[[tuple[str, ...], bool], ProvenCall],
        address: str | None,
    ) -> VoucherHolder:
        """Return the caller of an Authorization header.

        `proof`: the header DPoP. `call`: makes the call that a proof must name. `address`: that of
        the caller. Raise InvalidVoucherError, TooManyFailuresError, UnavailableError.
        """
        try:
            return await self._authenticate(authorization, proof, call, address)
        except InvalidVoucherError:
            self._failed.add(address, 1)
            raise

    async def read(self, token: str) -> Voucher:
        """Return the verified voucher; raise InvalidVoucherError, UnavailableError."""
        if self._keys is None:
            raise VOUCHER.refusal("is not taken by this installation")
        header = header_of(VOUCHER, token)
        key = await self._keys.key(VOUCHER.key_id(header))
        if key is None:
            raise VOUCHER.refusal("has a key that the authority does not have")
        claims = verified(
            VOUCHER,
            token,
            key,
            audiences=self._rules.audiences,
            issuer=self._rules.issuer,
            required=("iss", "aud", "exp", "iat"),
        )
        now = self._clock.now().timestamp()
        voucher = voucher_of(claims, now)
        VOUCHER.check_end(voucher.ends, now)
        return voucher

    async def _authenticate(
        self,
        authorization: str,
        proof: str | None,
        call: Callable[[tuple[str, ...], bool], ProvenCall],
        address: str | None,
    ) -> VoucherHolder:
        scheme, _, token = authorization.partition(" ")
        scheme, token = scheme.lower(), token.strip()
        if scheme not in {"bearer", "dpop"} or not token:
            raise VOUCHER.refusal("is missing: the header must be Bearer or DPoP, and a voucher")
        voucher = await self._known(token, address)
        VOUCHER.check_end(voucher.ends, self._clock.now().timestamp())
        proven = call(self._rules.bases, self._rules.is_local)
        self._check_proof(voucher, token, scheme, proof, proven)
        link = await self._clients.cached(voucher.client_id, voucher.purpose_id)
        if link is None or not link.is_linked:
            raise VOUCHER.refusal("is of a client that acts for no service with this purpose")
        holder = await self._holders.by_subscription(link.subscription_id)
        if holder is None or not self._may_send(holder):
            raise VOUCHER.refusal("is of a client whose service may not send")
        return VoucherHolder(voucher, link, holder)

    async def _known(self, token: str, address: str | None) -> Voucher:
        """Return the voucher; one that was verified lately is not counted as a failure."""
        digest = hashlib.sha256(token.encode(errors="surrogateescape")).digest()
        known = self._verified.get(digest)
        if known is not None:
            return known
        self._failed.admit(address)
        try:
            known = self._verified[digest] = await self.read(token)
        except (InvalidVoucherError, UnavailableError):
            # the caller of this method counts a voucher that is refused
            self._failed.add(address, -1)
            raise
        self._failed.add(address, -1)
        return known

    def _may_send(self, holder: KeyHolder) -> bool:
        subscription = holder.subscription
        is_service = subscription.kind is SubscriptionKind.SERVICE
        return is_service and not subscription.has_ended(self._clock.now())
