"""Check the proof that comes with a voucher which is bound to a key (DPoP, RFC 9449)."""

import hashlib
import hmac
from typing import Final

from cachetools import TTLCache

from lib.domain.identity.vouchers.parts import BOUND_VOUCHER, PROOF, VOUCHER
from lib.domain.identity.vouchers.proof import AGE, ProvenCall, check_claims, thumbprint
from lib.domain.identity.vouchers.voucher import Voucher
from lib.ports.clock import Clock
from lib.use_cases.identity.vouchers.signed import header_of, public_key, verified

MOST_PROOFS: Final = 200_000
"""The proofs that a process remembers. A subscription may make 3,600 calls in their life."""


class CheckProof:
    """Check proofs of possession, each of which serves for one call.

    Concurrency: this process takes a proof once. Another process may take the same proof once more
    within two minutes, but only for the same voucher, method and address.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used = TTLCache[bytes, None](
            MOST_PROOFS, 2 * AGE.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    def __call__(
        self, voucher: Voucher, token: str, scheme: str, proof: str | None, call: ProvenCall
    ) -> None:
        """Refuse a call without the proof that its voucher needs; raise InvalidVoucherError."""
        if voucher.thumbprint is None:
            if scheme == "dpop":
                raise BOUND_VOUCHER.refusal("is bound to no key: send it as Bearer")
            return
        if scheme != "dpop":
            raise VOUCHER.refusal("is bound to a key: send it as DPoP, with a proof")
        if not proof:
            raise PROOF.refusal("is missing")
        header = header_of(PROOF, proof)
        jwk = header.get("jwk")
        # compared before the signature is verified, so that no other key costs a verification
        if not hmac.compare_digest(thumbprint(jwk), voucher.thumbprint):
            raise PROOF.refusal("is of another key than the voucher's")
        key = public_key(PROOF, jwk or {}, str(header["alg"]))
        claims = verified(PROOF, proof, key, required=("jti", "htm", "htu", "iat", "ath"))
        id_ = check_claims(claims, call, token, self._clock.now().timestamp())
        # JSON may escape half of a surrogate pair, which UTF-8 cannot express
        named = f"{voucher.thumbprint}\n{id_}".encode(errors="surrogatepass")
        used = hashlib.sha256(named).digest()[:16]
        if used in self._used:
            raise PROOF.refusal("was used before (jti)")
        self._used[used] = None
