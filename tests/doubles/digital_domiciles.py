"""A register of digital domiciles as INAD is, with the authority that gives vouchers for it."""

import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lib.adapters.outbound.registers.pdnd_client import PdndClient

AUDIENCE: Final = "auth.interop.example/client-assertion"
CLIENT_ID: Final = "0b7f0e0c-2d3a-4c52-9a3e-5a3b5b0a1c11"
PURPOSE_ID: Final = "3d6f1a54-0f5d-4f6e-8a55-2f0a2c9d7e22"
KEY_ID: Final = "a-key-of-pdnd"
BASE: Final = "/rest/inad/v1/domiciliodigitale"
SINCE: Final = "2026-11-23T09:00:00Z"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_key() -> str:
    """Return the client's private key in PEM."""
    return (
        _key()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def a_client(token_url: str, **changes: Any) -> PdndClient:
    """Return the client that the authority knows."""
    values = {
        "token_url": token_url,
        "audience": AUDIENCE,
        "client_id": CLIENT_ID,
        "key_id": KEY_ID,
        "purpose_id": PURPOSE_ID,
        "private_key": private_key(),
        **changes,
    }
    return PdndClient(**values)


def an_element(address: str, **changes: Any) -> dict[str, Any]:
    """Return a domicile as the register writes it."""
    return {"digitalAddress": address, "usageInfo": {}, **changes}


@dataclass
class Inad:
    """The register and the authority behind one host.

    `domiciles`: the elements of each citizen. `pending`: how many looks at the state of a list find
    it not ready. `lists`: the citizens of each list. `references`: what each was asked for.
    `vouchers`: those that were given. `refused`: a status for each call of the register.
    """

    domiciles: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pending: int = 0
    seconds: int = 600
    lists: dict[str, list[str]] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    vouchers: list[str] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    refused: int | None = None
    jtis: set[str] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request."""
        if request.path == "/token.oauth2":
            return await self._grant(request)
        if self.refused is not None:
            return web.json_response({"status": str(self.refused)}, status=self.refused)
        scheme, _, voucher = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or voucher not in self.vouchers or voucher in self.revoked:
            return web.json_response({"status": "401"}, status=401)
        last = request.path.removeprefix(f"{BASE}/listDigitalAddress")
        if request.method == "POST" and not last:
            return await self._take(request)
        kind, _, list_id = last.removeprefix("/").partition("/")
        if list_id not in self.lists:
            return web.json_response({"status": "404"}, status=404)
        return self._state(list_id) if kind == "state" else self._list(list_id)

    async def _grant(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        assertion = form["client_assertion"]
        try:
            asked = jwt.decode(
                assertion,
                _key().public_key(),
                algorithms=["RS256"],
                audience=AUDIENCE,
                issuer=CLIENT_ID,
            )
        except jwt.PyJWTError as error:
            return web.json_response({"error": type(error).__name__}, status=400)
        assert jwt.get_unverified_header(assertion) == {
            "alg": "RS256",
            "kid": KEY_ID,
            "typ": "JWT",
        }
        assert asked["sub"] == form["client_id"] == CLIENT_ID
        assert asked["purposeId"] == PURPOSE_ID
        assert asked["jti"] not in self.jtis
        assert form["grant_type"] == "client_credentials"
        assert form["client_assertion_type"].endswith(":jwt-bearer")
        self.jtis.add(asked["jti"])
        self.vouchers.append(f"voucher-{len(self.vouchers)}")
        return web.json_response(
            {
                "access_token": self.vouchers[-1],
                "token_type": "Bearer",
                "expires_in": self.seconds,
            }
        )

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body) == {"codiciFiscali", "praticalReference"}
        assert 1 <= len(body["codiciFiscali"]) <= 1000
        list_id = str(uuid.uuid4())
        self.lists[list_id] = body["codiciFiscali"]
        self.references.append(body["praticalReference"])
        answer = {"state": "PRESA_IN_CARICO", "message": "", "id": list_id}
        location = {"Location": f"{BASE}/listDigitalAddress/state/{list_id}"}
        return web.json_response({**answer, "dateTimeRequest": SINCE}, status=202, headers=location)

    def _state(self, list_id: str) -> web.Response:
        if self.pending:
            self.pending -= 1
            return web.json_response({"state": "IN_ELABORAZIONE", "message": ""})
        location = {"Location": f"{BASE}/listDigitalAddress/response/{list_id}"}
        body = {"state": "DISPONIBILE", "message": ""}
        return web.json_response(body, status=303, headers=location)

    def _list(self, list_id: str) -> web.Response:
        records = [
            {
                "codiceFiscale": code,
                "since": SINCE,
                "digitalAddress": self.domiciles.get(code, []),
            }
            for code in self.lists[list_id]
        ]
        return web.json_response({"list": records})
