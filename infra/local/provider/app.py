"""`make login`: log in as an app of a citizen does, in a browser, and print the tokens.

The app is `sandbox-app`, a native one: it listens on this machine for the end of its login (RFC
8252), and exchanges the code with its verifier (RFC 7636).
"""

import argparse
import base64
import hashlib
import http.server
import json
import secrets
import sys
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import requests

from infra.local.errors import HostError
from infra.local.provider.callback import handler_of, refusal
from infra.local.settings.option_values import MAX_PORT, whole

CLIENT_ID: Final = "sandbox-app"
SCOPE: Final = "openid profile email inbox"
BASE: Final = "/api/auth/v1"
_TIMEOUT: Final = 10


class LoginError(Exception):
    """The login failed. The text says why, without a token."""


class SandboxApp:
    """An app that logs one citizen in at the host with this base address."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._verifier = secrets.token_urlsafe(48)
        self._state, self._nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._found: dict[str, str] = {}
        self._server = http.server.HTTPServer(("127.0.0.1", 0), handler_of(self._found))
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def redirect_uri(self) -> str:
        """The address on this machine at which the app waits."""
        return f"http://127.0.0.1:{self._server.server_port}/callback"

    def address(self, **more: str) -> str:
        """Return the address that the app opens in a browser. `more`: further parameters."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        query = {
            "client_id": CLIENT_ID,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "state": self._state,
            "nonce": self._nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **more,
        }
        return f"{self._base}{BASE}/authorize?{urlencode(query)}"

    def check(self) -> None:
        """Raise LoginError if no host answers at the base address."""
        try:
            self._session.get(f"{self._base}/ping", timeout=_TIMEOUT)
        except requests.RequestException:
            reason = f"no host answers at {self._base}: is `make run LOGIN=1` up? "
            raise LoginError(f"{reason}For another port: make login PORT=…") from None

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the browser comes back. Raise LoginError."""
        self._server.timeout = seconds
        while not self._found:
            self._server.handle_request()
            if seconds is not None and not self._found:
                raise LoginError(f"no browser came back within {seconds} seconds")
        self._server.server_close()

    def tokens(self) -> dict[str, Any]:
        """Return the tokens for the code that the browser brought. Raise LoginError."""
        found = self._found
        if "error" in found:
            raise LoginError(f"the login was refused: {refusal(found)}")
        if found.get("state") != self._state or found.get("iss") != self._base:
            raise LoginError("the answer is of another login")
        return self._asked(
            grant_type="authorization_code",
            code=found.get("code", ""),
            redirect_uri=self.redirect_uri,
            code_verifier=self._verifier,
        )

    def refreshed(self, refresh_token: str) -> dict[str, Any]:
        """Return new tokens. Raise LoginError."""
        return self._asked(grant_type="refresh_token", refresh_token=refresh_token)

    def _asked(self, **form: str) -> dict[str, Any]:
        answer = self._session.post(
            f"{self._base}{BASE}/token", data={"client_id": CLIENT_ID, **form}, timeout=_TIMEOUT
        )
        content: Any = answer.json()
        if answer.status_code != requests.codes.ok:
            raise LoginError(f"no tokens: {answer.status_code} {content.get('error', '')}")
        return dict(content)


def main() -> int:
    """Print an address, wait for the login, and print what to do with the tokens."""
    parser = argparse.ArgumentParser(prog="make login", description=__doc__)
    parser.add_argument("--port", type=whole("PORT", 1, MAX_PORT), default=7071)
    try:
        base = f"http://127.0.0.1:{parser.parse_args().port}"
        app = SandboxApp(base)
        app.check()
        print(
            f"Open this address in a browser, and choose a citizen:\n\n{app.address()}\n",
            flush=True,
        )
        app.wait()
        _show(base, app.tokens())
    except (HostError, LoginError, requests.RequestException) as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


def _show(base: str, tokens: Mapping[str, Any]) -> None:
    shown = {name: value for name, value in tokens.items() if not name.endswith("token")}
    print(f"Logged in: {json.dumps(shown)}\n\nTOKEN={tokens['access_token']}\n")
    inbox = f"{base}/api/communication/v1/messages?enrich_result_data=true&page_size=3"
    print(f"curl -s -w '\\n' -H \"Authorization: Bearer $TOKEN\" '{inbox}'")


if __name__ == "__main__":
    sys.exit(main())
