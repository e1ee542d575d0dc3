"""Calls that meet the declared answers of logins and sessions, on a host without a provider."""

from datetime import datetime
from typing import Any, Final

from infra.local.sandbox.seed import SAMPLE_CITIZEN
from lib.domain.sign_in.login import Login
from lib.domain.sign_in.tickets import Tickets
from tests.journeys.answers.paths import NOWHERE
from tests.journeys.support import Journeys

BASE: Final = "/api/auth/v1"
PROVIDERS: Final = f"{BASE}/providers"
SESSION: Final = "/api/identity/v1/session"
SESSIONS: Final = "/api/identity/v1/sessions"
WELL_KNOWN: Final = (
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    f"{BASE}/jwks",
)
_CALLERS: Final = (
    *(("GET", f"{BASE}/{name}") for name in ("authorize", "callback", "end-session")),
    *(("POST", f"{BASE}/{name}") for name in ("token", "revoke")),
    *(("GET", path) for path in (*WELL_KNOWN, f"{BASE}/logged-out", PROVIDERS)),
)
OF_SIGN_IN: Final = frozenset(
    {
        *((method, path, 404) for method, path in _CALLERS),
        *((method, SESSIONS, 404) for method in ("GET", "DELETE")),
        *(("POST", f"{BASE}/{name}", 429) for name in ("token", "revoke")),
        ("GET", f"{BASE}/authorize", 200),
        *(("GET", f"{BASE}/{name}", 429) for name in ("authorize", "callback")),
        ("POST", f"{BASE}/token", 200),
        ("GET", f"{BASE}/end-session", 200),
        ("GET", f"{BASE}/end-session", 302),
        ("GET", f"{BASE}/logged-out", 302),
    }
)
"""Answers that need a provider, an installation without logins, or very many calls.

tests/functions/sign_in meets them.
"""
ASKED: Final = {
    "client_id": "sandbox-app",
    "redirect_uri": "http://127.0.0.1:49152/callback",
    "response_type": "code",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


def sign_in(journeys: Journeys) -> None:
    """Meet each answer to apps, browsers and citizens, except OF_SIGN_IN."""
    for path in (*WELL_KNOWN, f"{BASE}/logged-out", PROVIDERS):
        assert journeys.call("GET", path).status_code == 200, path
    assert journeys.call("GET", f"{PROVIDERS}?x=1").status_code == 400
    stays: dict[str, Any] = {"allow_redirects": False}
    begun = journeys.call("GET", f"{BASE}/authorize", params=ASKED, **stays)
    assert begun.status_code == 302
    assert journeys.call("GET", f"{BASE}/authorize").status_code == 400
    assert journeys.call("GET", f"{BASE}/end-session").status_code == 400
    assert journeys.call("GET", f"{BASE}/callback").status_code == 400
    state = "a-state-of-the-provider"
    cookie = {"Cookie": f"recapito-login-{state[:8]}={_sealed(state, journeys.now())}"}
    answer = {"state": state, "error": "access_denied"}
    ended = journeys.call("GET", f"{BASE}/callback", params=answer, headers=cookie, **stays)
    assert ended.headers["location"].startswith("http://127.0.0.1:49152/callback?error=access_den")
    _forms(journeys)
    _citizens(journeys)
    _pages(journeys)


def _sealed(state: str, now: datetime) -> str:
    """Return the cookie of a login that the sandbox began."""
    login = Login(
        client_id="sandbox-app",
        redirect_uri=ASKED["redirect_uri"],
        scope=("openid",),
        app_state="",
        app_nonce="",
        challenge=ASKED["code_challenge"],
        acr_values=(),
        must_log_in=False,
        device_name="",
        provider="none",
        state=state,
    )
    tickets = Tickets(b"sandbox-sign-in-secret")
    return tickets.seal("login", login.members(), now)


def _forms(journeys: Journeys) -> None:
    for name in ("token", "revoke"):
        path = f"{BASE}/{name}"
        refused = journeys.call("POST", path, data={"client_id": "nobody", "token": "x"})
        assert refused.status_code == 400
        assert refused.json()["error"] in {"invalid_request", "invalid_client"}
        assert journeys.call("POST", path, data={"x": "y" * 20_000}).status_code == 413
        assert journeys.call("POST", path, json={}).status_code == 415
    form = {"client_id": "sandbox-app", "token": "x"}
    assert journeys.call("POST", f"{BASE}/revoke", data=form).status_code == 200


def _citizens(journeys: Journeys) -> None:
    token = journeys.token()
    one = f"{SESSIONS}/{NOWHERE}"
    for status, method, path, who in (
        (200, "GET", SESSIONS, token),
        (400, "GET", f"{SESSIONS}?x=1", token),
        (401, "GET", SESSIONS, "x"),
        (404, "GET", SESSION, token),
        (400, "GET", f"{SESSION}?x=1", token),
        (401, "GET", SESSION, "x"),
        (204, "DELETE", SESSIONS, token),
        (400, "DELETE", f"{SESSIONS}?x=1", token),
        (401, "DELETE", SESSIONS, "x"),
        (404, "DELETE", one, token),
        (400, "DELETE", f"{SESSIONS}/x", token),
        (401, "DELETE", one, "x"),
        (404, "GET", f"{BASE}/session", token),
        (400, "GET", f"{BASE}/session?fields={'x' * 300}", token),
        (401, "GET", f"{BASE}/session", "x"),
        (404, "POST", f"{BASE}/logout", token),
        (401, "POST", f"{BASE}/logout", "x"),
    ):
        answer = journeys.as_citizen(method, path, token=who)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"


def _pages(journeys: Journeys) -> None:
    """Log a citizen in by one click, and out again, twice, as a page does."""
    for ends in (f"{SESSIONS}/{{}}", ""):
        begun = journeys.call("POST", "/sandbox/session", json={"fiscal_code": SAMPLE_CITIZEN})
        assert begun.status_code == 200, begun.text
        cookie, _, _ = begun.headers["set-cookie"].partition(";")
        journeys.session.cookies.clear()
        own = {"Cookie": cookie, "Recapito-CSRF": "1", "Origin": journeys.base}
        who = journeys.call("GET", SESSION, headers=own)
        assert who.json()["fiscal_code"] == SAMPLE_CITIZEN
        assert journeys.call("GET", f"{BASE}/session", headers=own).status_code == 200
        other = journeys.call("GET", SESSION, headers={**own, "Origin": "https://evil.example"})
        assert other.status_code == 403
        if ends:
            path = ends.format(who.json()["id"])
            assert journeys.call("DELETE", path, headers=own).status_code == 204
        else:
            assert journeys.call("POST", f"{BASE}/logout", headers=own).status_code == 200
