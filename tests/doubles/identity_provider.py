"""A provider of SPID and CIE that answers as a test scripts it, and a relying party of it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import orjson
from aiohttp import web
from joserfc import jwe, jws
from joserfc.jwk import ECKey, KeySet, RSAKey

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.sign_in.exchange import Provider
from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.adapters.outbound.sign_in.published import Entity
from lib.composition.settings.tokens import (
    BIRTH_DATE_CLAIMS,
    FAMILY_NAME_CLAIMS,
    FISCAL_CODE_CLAIMS,
    NAME_CLAIMS,
)
from lib.domain.identity.citizen_token import TokenRules
from lib.ports.identity_provider import ProviderRequest

CLIENT = "https://recapito.example"
CODE = "the-code"
ACCESS_TOKEN = "the-access-token"
SUBJECT = "pairwise-subject"
FISCAL_CODE = "RSSMRA80A01H501U"
LEVELS = ("https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3")
DISCOVERY = "/.well-known/openid-configuration"
FISCAL_NUMBER = "https://attributes.eid.gov.it/fiscal_number"
PERSON = {
    FISCAL_NUMBER: f"TINIT-{FISCAL_CODE}",
    "given_name": "Mario",
    "family_name": "Rossi",
    "birthdate": "1980-01-01",
    "email": "mario@example.org",
}
RULES = TokenRules(
    acr_values=LEVELS,
    scope="",
    max_lifetime=timedelta(days=1),
    minimum_age=14,
    fiscal_code_claims=FISCAL_CODE_CLAIMS,
    name_claims=NAME_CLAIMS,
    family_name_claims=FAMILY_NAME_CLAIMS,
    birth_date_claims=BIRTH_DATE_CLAIMS,
)
REQUEST = ProviderRequest(
    state="s" * 32,
    nonce="n" * 32,
    code_verifier="v" * 43,
    redirect_uri=f"{CLIENT}/callback",
    acr_values=LEVELS,
)


ENTITY = Entity(
    id=CLIENT,
    name="Comune di Esempio",
    redirect_uri=f"{CLIENT}/api/auth/v1/callback",
    home=CLIENT,
    contact="comune@pec.example",
    policy="",
    logo=f"{CLIENT}/logo.svg",
    authorities=("https://registry.example",),
    trust_marks=(
        {"id": "https://registry.example/openid_relying_party/public", "trust_mark": "a.b.c"},
    ),
)


@cache
def rsa_key(name: str) -> RSAKey:
    """Return a key that is made once for the process, since that takes a tenth of a second."""
    return RSAKey.generate_key(2048, parameters={"kid": name})


def own_keys() -> str:
    """Return the relying party's private keys."""
    signing = {**ec_key("own-sig").as_dict(private=True), "use": "sig"}
    opening = {**ec_key("own-enc").as_dict(private=True), "use": "enc"}
    return orjson.dumps({"keys": [signing, opening]}).decode()


def federation_keys() -> str:
    """Return the relying party's private keys for its entity configuration."""
    key = {**ec_key("federation").as_dict(private=True), "use": "sig"}
    return orjson.dumps({"keys": [key]}).decode()


@cache
def ec_key(name: str) -> ECKey:
    """Return a key that is made once for the process."""
    return ECKey.generate_key("P-256", parameters={"kid": name})


def signed(claims: dict[str, Any], key: Any, alg: str = "ES256", **header: Any) -> str:
    """Return a JWT with any header, also one that no library makes.

    HS256: the secret is the public key's text, as an attacker would take it.
    """
    whole = {"alg": alg, "kid": key.kid, **header}
    if alg not in {"none", "HS256"}:
        return jws.serialize_compact(
            whole, json.dumps(claims), key, registry=jws.JWSRegistry(strict_check_header=False)
        )
    text = b".".join(_encoded(json.dumps(one).encode()) for one in (whole, claims))
    secret = key.as_pem(private=False)
    signature = b"" if alg == "none" else hmac.digest(secret, text, "sha256")
    return b".".join((text, _encoded(signature))).decode()


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


@dataclass
class ScriptedProvider:
    """The provider. A test changes what it publishes, signs, encrypts and answers."""

    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    key: Any = field(default_factory=lambda: ec_key("provider-1"))
    published: list[Any] = field(default_factory=lambda: [ec_key("provider-1")])
    alg: str = "ES256"
    metadata: dict[str, Any] = field(default_factory=dict)
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[[], Any]] = field(default_factory=dict)
    """Answers in place of the usual ones, by path."""
    encryption: dict[str, Any] = field(default_factory=lambda: {"alg": "ECDH-ES", "kid": "own-enc"})

    def token(self) -> str:
        """Return the ID token."""
        half = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": SUBJECT,
            "acr": LEVELS[0],
            "nonce": REQUEST.nonce,
            "at_hash": _encoded(half).decode(),
            "iat": now,
            "nbf": now,
            "exp": now + 60,
            **self.id_token,
        }
        return self.signed(claims)

    def about(self) -> str:
        """Return UserInfo, signed but not yet encrypted."""
        now = int(time.time())
        whole = {"iss": self.issuer, "aud": CLIENT, "sub": SUBJECT, "iat": now, "exp": now + 60}
        return self.signed({**whole, **PERSON, **self.userinfo})

    def signed(self, claims: dict[str, Any]) -> str:
        """Return claims that the provider signed; those that are None are left out."""
        given = {name: value for name, value in claims.items() if value is not None}
        return signed(given, self.key, self.alg, **self.header)

    def encrypted(self, text: str, key: Any = None) -> str:
        """Return a text that is encrypted for the relying party."""
        header = {"enc": "A256CBC-HS512", "cty": "JWT", **self.encryption}
        algorithms = [header["alg"], header["enc"], "DEF"]
        return jwe.encrypt_compact(header, text, key or ec_key("own-enc"), algorithms)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.asked.append(request.path)
        if request.method == "POST":
            self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        usual = {
            DISCOVERY: self.discovery,
            "/keys": lambda: KeySet(self.published).as_dict(private=False),
            "/token": lambda: {"access_token": ACCESS_TOKEN, "id_token": self.token()},
            "/userinfo": lambda: self.encrypted(self.about()),
            "/revoke": dict,
        }
        answer = {**usual, **self.answers}[request.path]()
        if isinstance(answer, web.StreamResponse):
            return answer
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="application/jose")
        return web.json_response(answer)

    def discovery(self) -> dict[str, Any]:
        """Return the provider's metadata."""
        base = self.issuer
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/keys",
            "acr_values_supported": ["https://www.spid.gov.it/SpidL1", *LEVELS],
            "code_challenge_methods_supported": ["S256"],
            **self.metadata,
        }


@asynccontextmanager
async def scripted() -> AsyncIterator[ScriptedProvider]:
    """Serve a provider on a port of 127.0.0.1."""
    provider = ScriptedProvider()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    await runner.cleanup()


@asynccontextmanager
async def relying_party(
    provider: ScriptedProvider, *, is_federated: bool = False, seconds: float = 5
) -> AsyncIterator[OpenIDProvider]:
    """Yield the adapter towards the provider."""
    party = OpenIDProvider(
        Provider("scripted", provider.issuer, is_federated),
        CLIENT,
        OwnKeys(own_keys()),
        RULES,
        GuardedHTTP(on_this_machine=True, seconds=seconds),
        on_this_machine=True,
    )
    yield party
    await party.close()
