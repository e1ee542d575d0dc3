"""Verify the signature of a JWT, and say in words of our own why it is refused."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from lib.domain.identity.vouchers.parts import ALGORITHMS, Part

_RSA_BITS: Final = range(2048, 4097)
"""A shorter key can be broken; a longer one takes too long to verify."""


def header_of(part: Part, token: str) -> Mapping[str, Any]:
    """Return the header of a JWT before its signature is verified; raise InvalidVoucherError."""
    part.check_form(token)
    try:
        header: dict[str, Any] = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise part.refusal("is malformed") from None
    part.check_header(header)
    return header


def public_key(part: Part, jwk: Mapping[str, Any], algorithm: str) -> jwt.PyJWK:
    """Return a caller's public key, to verify this algorithm; raise InvalidVoucherError."""
    try:
        key = jwt.PyJWK({**jwk}, algorithm=algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise part.refusal("has a key that cannot be used") from None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size not in _RSA_BITS:
        raise part.refusal("has a key of a length that is not allowed")
    return key


def verified(
    part: Part,
    token: str,
    key: Any,
    *,
    audiences: Iterable[str] | None = None,
    issuer: str | None = None,
    required: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the claims of a JWT after its signature is verified; raise InvalidVoucherError.

    `key`: a `jwt.PyJWK`. `audiences`: one of them must be the token's.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=None if audiences is None else list(audiences),
            issuer=issuer,
            options={
                "require": list(required),
                "verify_aud": audiences is not None,
                "verify_sub": False,
                "verify_jti": False,
                # the times are checked against the Clock port, not by the library's clock
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.MissingRequiredClaimError as error:
        raise part.refusal(f"has no {error.claim}") from None
    except jwt.PyJWTError as error:
        raise part.refusal(_reason(error)) from None
    return claims


def _reason(error: jwt.PyJWTError) -> str:
    """Return the reason of the refusal. The library's own text may quote the token."""
    match error:
        case jwt.InvalidAudienceError():
            return "is for another audience"
        case jwt.InvalidIssuerError():
            return "is from another issuer"
        case jwt.InvalidSignatureError():
            return "has a wrong signature"
        case jwt.InvalidAlgorithmError():
            return "has an algorithm that is not allowed"
        case _:
            return "is malformed"
