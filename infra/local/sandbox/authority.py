"""The sandbox's authority: it issues vouchers as PDND does, to one client that it knows.

A client asks with an assertion that it signs (RFC 7523). With a proof in the header DPoP it gets a
voucher that is bound to the proof's key (RFC 9449).
"""

import json
import os
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import jwt
from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.http.problems import problem
from infra.local.sandbox.endpoints import MovableClock
from infra.local.sandbox.signing_keys import public_jwk, read_or_create_key, write_whole
from infra.local.settings.options import AUTHORITY_JWKS_FILE
from lib.composition.settings.vouchers import (
    SANDBOX_AUTHORITY_KEY_FILE,
    SANDBOX_CLIENT_KEYS_FILE,
    SANDBOX_VOUCHER_AUDIENCE,
    SANDBOX_VOUCHER_ISSUER,
)
from lib.domain.identity.errors import InvalidVoucherError
from lib.domain.identity.vouchers.proof import thumbprint
from lib.domain.shared.identifiers import PurposeId, VoucherClientId

BASE: Final = "sandbox/authority"
CLIENT_ID: Final = VoucherClientId("5a4d0000-c11e-4000-8000-000000000001")
PURPOSE_ID: Final = PurposeId("5a4d0000-9a00-4000-8000-000000000001")
"""The purpose with which the sandbox's client acts for the sandbox's service."""
CLIENT_KEY_FILE: Final = "voucher-client-key.pem"
AUDIENCE: Final = "sandbox-authority"
"""The audience of the client's assertions."""
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME: Final = timedelta(minutes=10)
_LONGEST_ASSERTION: Final = timedelta(hours=1)


class Authority:
    """The issuer of vouchers, with keys of its own and of its client in the data folder."""

    def __init__(self, data_folder: Path, issuer: str, audience: str) -> None:
        self._issuer, self._audience = issuer, audience
        self.key, _ = read_or_create_key(data_folder, SANDBOX_AUTHORITY_KEY_FILE)
        self.client_key, _ = read_or_create_key(data_folder, CLIENT_KEY_FILE)
        self.jwk, self.client_jwk = public_jwk(self.key), public_jwk(self.client_key)
        self.key_set = {"keys": [self.jwk]}
        for name, content in (
            (AUTHORITY_JWKS_FILE, self.key_set),
            (SANDBOX_CLIENT_KEYS_FILE, {CLIENT_ID: [self.client_jwk]}),
        ):
            write_whole(data_folder / name, json.dumps(content).encode(), 0o644)

    def issue(
        self,
        now: datetime,
        *,
        purpose_id: str = PURPOSE_ID,
        digest: object = None,
        bound_to: str | None = None,
        **changes: Any,
    ) -> str:
        """Return a voucher of the sandbox's client. `bound_to`: the thumbprint of its key.

        `changes`: claims with other values, for tests.
        """
        begins = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": CLIENT_ID,
            "client_id": CLIENT_ID,
            "purposeId": purpose_id,
            "jti": str(uuid.uuid4()),
            "iat": begins,
            "nbf": begins,
            "exp": begins + int(LIFETIME.total_seconds()),
            **({"digest": digest} if digest else {}),
            **({"cnf": {"jkt": bound_to}} if bound_to else {}),
            **changes,
        }
        headers = {"kid": self.jwk["kid"], "typ": "at+jwt"}
        return jwt.encode(claims, self.key, "ES256", headers=headers)

    def grant(self, form: Mapping[str, str], proof: str | None, now: datetime) -> dict[str, Any]:
        """Return the answer to a client that asks for a voucher; raise ValueError.

        The client's assertion is checked by the time of this machine, the voucher has that of the
        sandbox's clock.
        """
        if form.get("grant_type") != "client_credentials":
            raise ValueError("grant_type must be client_credentials")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise ValueError(f"client_assertion_type must be {ASSERTION_TYPE}")
        try:
            asked = jwt.decode(
                form.get("client_assertion", ""),
                self.client_key.public_key(),
                algorithms=["ES256"],
                audience=AUDIENCE,
                issuer=CLIENT_ID,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "jti"]},
            )
            purpose_id = str(uuid.UUID(str(asked.get("purposeId"))))
        except jwt.PyJWTError as error:
            raise ValueError(f"client_assertion: {type(error).__name__}") from None
        except ValueError:
            raise ValueError("client_assertion: purposeId must be a UUID") from None
        if asked["sub"] != CLIENT_ID or form.get("client_id", CLIENT_ID) != CLIENT_ID:
            raise ValueError(f"the client must be {CLIENT_ID}")
        if asked["exp"] - time.time() > _LONGEST_ASSERTION.total_seconds():
            raise ValueError("client_assertion: it lives too long")
        bound_to = None if proof is None else _proven(proof)
        token = self.issue(
            now, purpose_id=purpose_id, digest=asked.get("digest"), bound_to=bound_to
        )
        return {
            "access_token": token,
            "token_type": "Bearer" if bound_to is None else "DPoP",
            "expires_in": int(LIFETIME.total_seconds()),
        }

    def mount(self, http: HttpHost, clock: MovableClock) -> None:
        """Add the authority's endpoints."""

        async def token(request: web.BaseRequest, _: dict[str, str]) -> web.Response:
            form = dict(parse_qsl((await request.read()).decode("ascii", "replace")))
            try:
                granted = self.grant(form, request.headers.get("DPoP"), clock.now())
            except ValueError as error:
                return problem(400, str(error))
            return web.json_response(granted, headers={"Cache-Control": "no-store"})

        async def jwks(_: web.BaseRequest, __: dict[str, str]) -> web.Response:
            return web.json_response(self.key_set)

        http.add("POST", f"{BASE}/token", token)
        http.add("GET", f"{BASE}/jwks", jwks)


def authority_of_settings(data_folder: Path) -> Authority | None:
    """Return the authority whose vouchers the app accepts by its settings; None if another is."""
    jwks = os.environ.get("VOUCHER_JWKS", "")
    if Path(jwks).name != AUTHORITY_JWKS_FILE:
        return None
    return Authority(
        data_folder,
        os.environ.get("VOUCHER_ISSUER", SANDBOX_VOUCHER_ISSUER),
        os.environ.get("VOUCHER_AUDIENCE", SANDBOX_VOUCHER_AUDIENCE),
    )


def _proven(proof: str) -> str:
    """Return the thumbprint of the key that a proof is signed with; raise ValueError."""
    try:
        jwk = jwt.get_unverified_header(proof).get("jwk") or {}
        found = thumbprint(jwk)
        jwt.decode(
            proof,
            jwt.PyJWK(jwk),
            algorithms=["ES256", "RS256"],
            options={"verify_aud": False, "require": ["jti", "htm", "htu", "iat"]},
        )
    except (jwt.PyJWTError, InvalidVoucherError) as error:
        raise ValueError(f"DPoP: {type(error).__name__}") from None
    return found
