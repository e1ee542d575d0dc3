"""The relying party's private keys: sign what it sends, open what is encrypted for it."""

import time
import uuid
from typing import Any, Final

import orjson
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lib.adapters.outbound.sign_in.algorithms import (
    CONTENT_ENCRYPTIONS,
    KEY_ENCRYPTIONS,
    SIGNATURES,
    encryption_of,
    signature_of,
)
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError

LIFE_SECONDS: Final = 120
"""The seconds for which a request or an assertion of ours is valid."""
# a provider may repeat claims in the header (RFC 7519, section 5.3)
_ALLOWED: Final = jwe.JWERegistry(
    algorithms=(*KEY_ENCRYPTIONS, *CONTENT_ENCRYPTIONS), strict_check_header=False
)


class OwnKeys:
    """A private JSON Web Key Set. Each key has `use`: sig or enc.

    The first key for signatures signs; all keys are published. So a key is replaced in three
    steps: add the new key at the end, move it to the front once the providers have read it, and
    remove the old one once nothing that was made with it is still on its way.
    """

    def __init__(self, key_set: str) -> None:
        try:
            self._keys = KeySet.import_key_set(orjson.loads(key_set)).keys
        except (JoseError, ValueError, TypeError, KeyError):
            # the cause may show a key
            raise UnavailableError("the relying party's private keys cannot be used") from None
        self._signing = [key for key in self._keys if key.get("use") == "sig"]
        self._opening = [key for key in self._keys if key.get("use") == "enc"]

    @property
    def public(self) -> dict[str, Any]:
        """The public keys, as a JSON Web Key Set."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    @property
    def signature(self) -> str:
        """The algorithm of our signatures."""
        return signature_of(self._signing[0])

    @property
    def encryption(self) -> str:
        """The algorithm with which providers encrypt for us."""
        return encryption_of(self._opening[0])

    def sign(self, claims: dict[str, Any], *, typ: str = "JWT", seconds: int = LIFE_SECONDS) -> str:
        """Return a JWT with these claims, valid from now on, with an id of its own."""
        now, (key, *_) = int(time.time()), self._signing
        header = {"alg": signature_of(key), "kid": key.kid, "typ": typ}
        whole = {"iat": now, "exp": now + seconds, "jti": str(uuid.uuid4()), **claims}
        try:
            return jws.serialize_compact(header, orjson.dumps(whole), key, SIGNATURES)
        except JoseError:
            raise UnavailableError("the relying party's signing key cannot be used") from None

    def open(self, token: str) -> str:
        """Return the text that a provider encrypted for one of our keys (JWE).

        Raises: InvalidTokenError.
        """
        try:
            # an unencrypted token has three parts, so it ends here too
            opened = jwe.decrypt_compact(token.encode("ascii"), self._key_of, registry=_ALLOWED)
            return (opened.plaintext or b"").decode("ascii")
        except (JoseError, ValueError, KeyError, TypeError):
            raise InvalidTokenError("UserInfo is not encrypted as it must be") from None

    def _key_of(self, token: Any) -> Any:
        kid = token.headers().get("kid")
        found = next((key for key in self._opening if key.kid == kid), None)
        if found is None:
            raise InvalidTokenError("UserInfo is encrypted for a key that is not ours")
        return found
