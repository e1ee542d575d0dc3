"""Check what a caller signs beside its voucher: the body, headers, and who acts."""

from collections.abc import Mapping
from typing import Any, Final

import jwt

from lib.domain.identity.vouchers import evidence, integrity
from lib.domain.identity.vouchers.client_link import ClientLink
from lib.domain.identity.vouchers.evidence import TrackingEvidence
from lib.domain.identity.vouchers.parts import DIGEST, EVIDENCE, SIGNATURE, Part
from lib.domain.identity.vouchers.voucher import Voucher
from lib.ports.clock import Clock
from lib.ports.keys import ClientKeys
from lib.use_cases.identity.vouchers.signed import header_of, public_key, verified

_CLAIMS: Final = ("iss", "aud", "exp", "iat")


class CheckRequest:
    """Check the headers `Digest`, `Agid-JWT-Signature` and `Agid-JWT-TrackingEvidence`.

    `keys`: where clients' keys are found that are not registered with their link; None: nowhere.
    `is_required`: whether each body must have a digest and a signature.
    Cost: the verification of each signature; no access to the store.
    """

    def __init__(
        self,
        keys: ClientKeys | None,
        audiences: tuple[str, ...],
        clock: Clock,
        *,
        is_required: bool,
    ) -> None:
        self._keys = keys
        self._audiences = audiences
        self._clock = clock
        self._is_required = is_required

    async def __call__(
        self, voucher: Voucher, link: ClientLink, headers: Mapping[str, str], body: bytes
    ) -> TrackingEvidence | None:
        """Return the evidence of who acts; None if there is none.

        Raise InvalidVoucherError, UnavailableError.
        """
        await self._check_integrity(link, headers, body)
        token = headers.get(EVIDENCE.header.lower())
        evidence.check_against(voucher, token)
        if token is None:
            return None
        claims = await self._signed(EVIDENCE, token, link)
        evidence.check_claims(claims, voucher, self._clock.now().timestamp())
        return TrackingEvidence(voucher.client_id, voucher.purpose_id, token)

    async def _check_integrity(
        self, link: ClientLink, headers: Mapping[str, str], body: bytes
    ) -> None:
        digest = headers.get(DIGEST.header.lower())
        signature = headers.get(SIGNATURE.header.lower())
        if body and digest is None and (self._is_required or signature is not None):
            raise DIGEST.refusal("is missing")
        if body and signature is None and self._is_required:
            raise SIGNATURE.refusal("is missing")
        if digest is not None:
            integrity.check_digest(digest, body)
        if signature is None:
            return
        claims = await self._signed(SIGNATURE, signature, link)
        now = self._clock.now().timestamp()
        SIGNATURE.check_end(SIGNATURE.expiry(claims, now, integrity.LONGEST_LIFE), now)
        integrity.check_signed_headers(claims, headers, has_body=bool(body))

    async def _signed(self, part: Part, token: str, link: ClientLink) -> dict[str, Any]:
        """Return the claims of what the client signed."""
        header = header_of(part, token)
        key = await self._key(part, header, link)
        claims = verified(part, token, key, audiences=self._audiences, required=_CLAIMS)
        for claim in ("iss", "sub"):
            if str(claims.get(claim, link.client_id)).lower() != link.client_id:
                raise part.refusal("is of another client")
        return claims

    async def _key(self, part: Part, header: Mapping[str, Any], link: ClientLink) -> jwt.PyJWK:
        key_id = part.key_id(header)
        jwk = link.key(key_id)
        if jwk is None and self._keys is not None:
            jwk = await self._keys.find(link.client_id, key_id)
        if jwk is None:
            raise part.refusal("has a key that is not registered for the client")
        return public_key(part, jwk, str(header["alg"]))
