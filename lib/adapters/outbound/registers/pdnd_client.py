"""Get vouchers of PDND, with which this installation calls the e-services of others.

A client proves who it is by an assertion that it signs (RFC 7523), and names its purpose in it.
"""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

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
                await self._renew()
            return self._voucher

    def forget(self, voucher: str) -> None:
        """Use no voucher again that an e-service has refused."""
        if voucher == self._voucher:
            self._fresh_until = -float("inf")

    async def _renew(self) -> None:
        asked_at = time.monotonic()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": _assertion(self._client),
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
        self._voucher, self._fresh_until = voucher, asked_at + seconds - RENEW_SECONDS


def _assertion(client: PdndClient) -> str:
    now = int(time.time())
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": client.audience,
        "purposeId": client.purpose_id,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
    }
    try:
        return jwt.encode(claims, client.private_key, "RS256", headers={"kid": client.key_id})
    except (jwt.PyJWTError, ValueError, TypeError):
        # the cause may show the key
        raise UnavailableError("the private key of the client at PDND cannot be used") from None
