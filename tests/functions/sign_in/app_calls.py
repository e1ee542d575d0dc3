"""An app and a browser that log a citizen in, as they call the endpoints."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.doubles.kept_provider import KeptProvider
from tests.stack import Reply, Stack

APP: Final = "an-app"
PAGE: Final = "a-page"
REDIRECT_URI: Final = "http://127.0.0.1:49152/callback"
VERIFIER: Final = "a-verifier-of-forty-three-characters-at-least"
ISSUER: Final = "http://127.0.0.1:7071"
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))


def header(reply: Reply, name: str) -> str:
    """Return a header of an answer, empty without it."""
    return next((value for key, value in reply.headers.items() if key.lower() == name), "")


@dataclass
class Browser:
    """A browser with its cookies."""

    stack: Stack
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, name: str, **query: str) -> Reply:
        """Open an address of this app."""
        return await self.call(name, query=query)

    async def call(self, name: str, **call: Any) -> Reply:
        """Call an endpoint with the browser's cookies, and keep those of the answer."""
        cookie = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        headers = {"cookie": cookie, **call.pop("headers", {})} if cookie else {}
        reply = await self.stack.call(name, key=None, headers=headers, **call)
        for given in reply.cookies:
            name, _, rest = given.partition("=")
            value, _, attributes = rest.partition(";")
            assert "HttpOnly" in attributes
            assert "SameSite=Lax" in attributes
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return reply


@dataclass
class App:
    """An app on a device, and the browser that it opens."""

    stack: Stack
    provider: KeptProvider
    client_id: str = APP
    verifier: str = VERIFIER
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Browser(self.stack)

    def asked(self, **changes: str) -> dict[str, str]:
        """Return the parameters of a login; an empty value leaves one out."""
        asked = {
            "client_id": self.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "state": "the-apps-state",
            "nonce": "the-apps-nonce",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            "device_name": "Telefono di Maria",
            **changes,
        }
        return {name: value for name, value in asked.items() if value}

    async def begin(self, **changes: str) -> Reply:
        """Open the login in the browser."""
        return await self.browser.get("begin_login", **self.asked(**changes))

    async def come_back(self, code: str = "", **changes: str) -> Reply:
        """Let the provider send the browser back after the last login that it got."""
        state = self.provider.requests[-1].state
        answer = {"state": state, "code": code or f"code-of-{state}", "iss": "https://p", **changes}
        return await self.browser.get("finish_login", **answer)

    async def code(self, **changes: str) -> str:
        """Log the citizen in; return the code that comes to the app."""
        assert (await self.begin(**changes)).status == 302
        reply = await self.come_back()
        assert reply.status == 302
        found = query_of(header(reply, "location"))
        assert (found["state"], found["iss"]) == ("the-apps-state", ISSUER), found
        return found["code"]

    async def log_in(self, **changes: str) -> dict[str, Any]:
        """Log the citizen in, and return the tokens."""
        reply = await self.exchange(await self.code(**changes))
        assert reply.status == 200, reply.body
        return self.tokens

    async def exchange(self, code: str, **changes: str) -> Reply:
        """Exchange a code."""
        return await self.token(
            grant_type="authorization_code",
            code=code,
            **{"redirect_uri": REDIRECT_URI, "code_verifier": self.verifier, **changes},
        )

    async def refresh(self, token: str = "", **changes: str) -> Reply:
        """Exchange a refresh token, the last one if none is given."""
        token = token or self.tokens["refresh_token"]
        return await self.token(grant_type="refresh_token", refresh_token=token, **changes)

    async def token(self, **form: str) -> Reply:
        """Ask for tokens, and keep them."""
        reply = await post_form(self.stack, "exchange_token", {"client_id": self.client_id, **form})
        if reply.status == 200:
            self.tokens = reply.body
        return reply

    async def revoke(self, token: str, **changes: str) -> Reply:
        """Give a token back."""
        form = {"client_id": self.client_id, "token": token, **changes}
        return await post_form(self.stack, "revoke_token", form)

    async def call(self, name: str, body: Any = None, *, token: str = "", **call: Any) -> Reply:
        """Call an endpoint with the access token."""
        bearer = f"Bearer {token or self.tokens['access_token']}"
        return await self.stack.call(
            name, body, key=None, headers={"authorization": bearer}, **call
        )


async def post_form(stack: Stack, name: str, form: Mapping[str, str] | bytes) -> Reply:
    """Post a form."""
    content = form if isinstance(form, bytes) else urlencode(form).encode()
    return await stack.call(name, content, key=None, headers=FORM)


def fault_of(reply: Reply) -> str:
    """Return the fault that the client is told at its address."""
    assert reply.status == 302, reply
    (fault,) = parse_qs(urlsplit(header(reply, "location")).query)["error"]
    return fault
