"""Get vouchers of PDND, with which this installation calls the e-services of others.

A client proves who it is by an assertion that it signs (RFC 7523), and names its purpose in it.
"""

import asyncio
import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.ports.errors import UnavailableError

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS: Final = 60
RENEW_SECONDS: Final = 30
"""The seconds between the replacement and the end of a voucher.

Clocks differ, and requests take time.
"""
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class PdndClient:
    """A client at PDND, with one purpose.

    `audience`: of the assertion. `key_id`: of the public key at PDND. `private_key`: in PEM.
    """

    token_url: str
    audience: str
    client_id: str
    key_id: str
    purpose_id: str
    private_key: str = field(repr=False)


class Vouchers:
    """The vouchers of a client: each is used until shortly before its end.

    Concurrency: calls at the same time share one request for a voucher.
    """

    def __init__(self, client: PdndClient, http: GuardedHTTP) -> None:
        self._client, self._http = client, http
        self._voucher, self._fresh_until = "", -float("inf")
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """Return a voucher. Raise UnavailableError. Cost: one call of PDND for each voucher."""
        async with self._lock:
            if time.monotonic() >= self._fresh_until:
                asked_at = time.monotonic()
                self._voucher, seconds = await self._granted({})
                self._fresh_until = asked_at + seconds - RENEW_SECONDS
            return self._voucher

    async def with_evidence(self, evidence: str) -> str:
        """Return a voucher for one call, with the digest of its evidence (AUDIT_REST_02).

        Raise UnavailableError. Cost: one call of PDND.
        """
        value = hashlib.sha256(evidence.encode()).hexdigest()
        voucher, _ = await self._granted({"digest": {"alg": "SHA256", "value": value}})
        return voucher

    def forget(self, voucher: str) -> None:
        """Use no voucher again that an e-service has refused."""
        if voucher == self._voucher:
            self._fresh_until = -float("inf")

    async def _granted(self, claims: Mapping[str, Any]) -> tuple[str, float]:
        """Return a voucher and its life in seconds. `claims`: more ones of the assertion."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": _assertion(self._client, claims),
        }
        headers = {"Accept": "application/json"}
        status, content = await self._http.post(self._client.token_url, headers, form)
        if status != _OK:
            raise UnavailableError(f"PDND answered {status} to the request for a voucher")
        try:
            granted = orjson.loads(content)
            voucher, seconds = granted["access_token"], float(granted["expires_in"])
        except (ValueError, KeyError, TypeError):
            raise UnavailableError("PDND answered no voucher") from None
        if not isinstance(voucher, str) or not (voucher.isascii() and voucher.isprintable()):
            raise UnavailableError("PDND answered no voucher")
        return voucher, seconds


def signed(client: PdndClient, audience: str, claims: Mapping[str, Any]) -> str:
    """Return claims of the client that it signed for an audience. Raise UnavailableError."""
    now = int(time.time())
    whole = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "nbf": now,
        "exp": now + ASSERTION_SECONDS,
        **claims,
    }
    try:
        return jwt.encode(whole, client.private_key, "RS256", headers={"kid": client.key_id})
    except (jwt.PyJWTError, ValueError, TypeError):
        # the cause may show the key
        raise UnavailableError("the private key of the client at PDND cannot be used") from None


def _assertion(client: PdndClient, claims: Mapping[str, Any]) -> str:
    return signed(client, client.audience, {"purposeId": client.purpose_id, **claims})
