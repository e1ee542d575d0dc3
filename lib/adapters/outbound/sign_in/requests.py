"""The signed request object of the relying party, and the assertion that proves it."""

import base64
import hashlib
from typing import Any, Final

from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.ports.identity_provider import ProviderRequest

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE: Final = "openid"
_NAMESPACE: Final = "https://attributes.eid.gov.it/"
_ESSENTIAL: Final = {"essential": True}
CLAIMS: Final[dict[str, Any]] = {
    "userinfo": {
        f"{_NAMESPACE}fiscal_number": _ESSENTIAL,
        "given_name": _ESSENTIAL,
        "family_name": _ESSENTIAL,
        "birthdate": _ESSENTIAL,
        "email": None,
    }
}
"""The attributes of the citizen that a login asks for. SPID gives them in UserInfo alone."""


def authorization(
    request: ProviderRequest, client_id: str, issuer: str, keys: OwnKeys
) -> dict[str, str]:
    """Return the parameters of the address to which the browser is sent.

    The signed request object has them all; the rules want some of them beside it.
    """
    digest = hashlib.sha256(request.code_verifier.encode()).digest()
    shown = {
        "client_id": client_id,
        "response_type": "code",
        "scope": SCOPE,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    signed = keys.sign(
        {
            "iss": client_id,
            "aud": issuer,
            **shown,
            "redirect_uri": request.redirect_uri,
            "state": request.state,
            "nonce": request.nonce,
            "prompt": "consent login" if request.must_log_in else "consent",
            "acr_values": " ".join(request.acr_values),
            "claims": CLAIMS,
        }
    )
    return {**shown, "request": signed}


def assertion(client_id: str, audience: str, keys: OwnKeys) -> dict[str, str]:
    """Return the parameters by which the relying party proves itself (private_key_jwt)."""
    return {
        "client_id": client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": keys.sign({"iss": client_id, "sub": client_id, "aud": audience}),
    }
