"""Verify what a provider signs (JWS), and read the claims."""

import contextlib
from typing import Any, Final

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from lib.adapters.outbound.sign_in.algorithms import SIGNATURES
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.keys import KeySet

type Keys = dict[str, Any]
"""Public keys for signatures by their ids."""

_LEAST_MODULUS: Final = 342
"""The characters of an RSA modulus of 2048 bits."""
_ALLOWED: Final = jws.JWSRegistry(algorithms=SIGNATURES, strict_check_header=False)


def keys_of(key_set: dict[str, Any]) -> Keys:
    """Return the keys for signatures of a JSON Web Key Set. A key that cannot be used is left out.

    A provider may publish keys of kinds that we do not know, and keys for encryption.
    """
    listed, found = key_set.get("keys"), dict[str, Any]()
    for jwk in listed if isinstance(listed, list) else ():
        if isinstance(jwk, dict) and _is_known(jwk):
            with contextlib.suppress(JoseError, ValueError, TypeError, KeyError):
                found[str(jwk["kid"])] = import_key(jwk)
    return found


def _is_known(jwk: dict[str, Any]) -> bool:
    is_strong = jwk.get("kty") == "EC" or len(str(jwk.get("n", ""))) >= _LEAST_MODULUS
    return is_strong and jwk.get("kty") in {"EC", "RSA"} and jwk.get("use", "sig") == "sig"


async def claims_of(what: str, token: str, keys: KeySet) -> tuple[dict[str, Any], str]:
    """Return the claims of a token that the provider signed, and the algorithm.

    `what`: the name of the token in errors. Raises: InvalidTokenError, UnavailableError.
    """
    signed = _extracted(what, token)
    kid = signed.headers().get("kid")
    key = await keys.key(kid) if isinstance(kid, str) and kid else None
    return _verified(what, signed, key, typ="JWT"), str(signed.headers()["alg"])


def stated(statement: str) -> dict[str, Any]:
    """Return the claims of an entity statement, which is signed with a key that is in it.

    Raises: InvalidTokenError.
    """
    what = "the entity statement"
    signed = _extracted(what, statement)
    claims = _object(what, signed)
    own = claims.get("jwks")
    keys = keys_of(own) if isinstance(own, dict) else {}
    key = keys.get(str(signed.headers().get("kid")))
    return _verified(what, signed, key, typ="entity-statement+jwt")


def _extracted(what: str, token: str) -> jws.CompactSignature:
    try:
        return jws.extract_compact(token.encode("ascii"))
    except (JoseError, ValueError):
        raise InvalidTokenError(f"{what} is not a JWT") from None


def _verified(what: str, signed: jws.CompactSignature, key: Any, *, typ: str) -> dict[str, Any]:
    header = signed.headers()
    if "crit" in header or str(header.get("typ", "JWT")).lower() != typ.lower():
        raise InvalidTokenError(f"{what} is of another type")
    if header.get("alg") not in SIGNATURES:
        raise InvalidTokenError(f"{what} is signed by an algorithm that is not allowed")
    if key is None:
        raise InvalidTokenError(f"{what} is signed with a key that the provider does not publish")
    try:
        is_valid = jws.validate_compact(signed, key, registry=_ALLOWED)
    except (JoseError, ValueError, TypeError):
        is_valid = False
    if not is_valid:
        raise InvalidTokenError(f"the signature of {what} is not valid")
    return _object(what, signed)


def _object(what: str, signed: jws.CompactSignature) -> dict[str, Any]:
    try:
        claims = orjson.loads(signed.payload)
    except orjson.JSONDecodeError:
        claims = None
    if not isinstance(claims, dict):
        raise InvalidTokenError(f"{what} has no claims")
    return claims
