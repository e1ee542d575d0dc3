"""The settings of logins: a wrong one prevents the start, by its name."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders.settings import NO_SANDBOX, a_secret, settings_for

APP: dict[str, Any] = {
    "id": "an-app",
    "name": "App",
    "kind": "native",
    "redirect_uris": ["it.ente.app:/login"],
    "scopes": ["inbox"],
}
PUBLIC = "https://recapito.ente.example"
ON: dict[str, Any] = {
    **NO_SANDBOX,
    "public_url": PUBLIC,
    "sign_in_secret": a_secret("sign in"),
}
NO_ISSUER = {
    "citizen_token_issuer": "",
    "citizen_token_audience": "",
    "citizen_token_jwks": "",
}


def clients(**changes: Any) -> dict[str, str]:
    """Return the setting with one client."""
    return {"app_clients": json.dumps([APP | changes])}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"app_clients": "{"}, "APP_CLIENTS: must be a JSON list"),
        (clients(id="An App"), "APP_CLIENTS: 0.id"),
        (clients(kind="confidential"), "APP_CLIENTS: 0.kind"),
        (clients(secret="x"), "APP_CLIENTS: 0.secret"),
        (clients(scopes=["admin"]), "APP_CLIENTS: 0.scopes"),
        (clients(redirect_uris=[]), "APP_CLIENTS: 0.redirect_uris"),
        (clients(redirect_uris=["http://ente.example/x"]), "an address must be https"),
        (clients(redirect_uris=["http://127.0.0.1:80/x"]), "an address must be https"),
        (clients(redirect_uris=["javascript:alert(1)"]), "an address must be https"),
        (clients(redirect_uris=["https://a@ente.example/x"]), "an address must be https"),
        (clients(redirect_uris=["https://ente.example/x#y"]), "APP_CLIENTS: 0.redirect_uris"),
        (clients(logout_uris=["data:x"]), "an address must be https"),
        (clients(kind="browser"), "an address must be https"),
        (
            clients(kind="browser", redirect_uris=["https://other.example/inbox"]),
            "APP_CLIENTS: an-app: the pages of a browser must lie under PUBLIC_URL",
        ),
        (
            clients(kind="browser", redirect_uris=[f"{PUBLIC}.evil.example/inbox"]),
            "APP_CLIENTS: an-app: the pages of a browser must lie under PUBLIC_URL",
        ),
        ({"app_clients": json.dumps([APP, APP])}, "two clients have the same id"),
        ({"public_url": ""}, "PUBLIC_URL is needed with SIGN_IN_SECRET"),
        ({"public_url": f"{PUBLIC}/base"}, "PUBLIC_URL is needed with SIGN_IN_SECRET"),
        ({"sign_in_secret": "short"}, "SIGN_IN_SECRET must have"),
        ({"sign_in_secret_next": "short"}, "SIGN_IN_SECRET_NEXT must have"),
        ({"sign_in_secret": "", "sign_in_secret_previous": "x" * 20}, "SIGN_IN_SECRET is needed"),
        ({"sign_in_secret": a_secret("link")}, "must be two secrets"),
        ({"sign_in_secret": "", **NO_ISSUER}, "CITIZEN_TOKEN_ISSUER or SIGN_IN_SECRET is needed"),
        ({"citizen_token_jwks": ""}, "CITIZEN_TOKEN_JWKS is needed"),
        ({"session_days": 0}, "session_days"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    """The text names the setting and its rule."""
    with pytest.raises(ValidationError) as caught:
        settings_for(tmp_path, **{**ON, **clients(), **changes})

    assert named in str(caught.value)


def test_no_other_issuer_is_needed(tmp_path: Path) -> None:
    """An installation that logs citizens in itself takes no other tokens."""
    settings = settings_for(tmp_path, **{**ON, **clients(), **NO_ISSUER})

    assert settings.has_sign_in


def test_a_fault_does_not_repeat_a_value(tmp_path: Path) -> None:
    """A setting may have a secret by mistake."""
    with pytest.raises(ValidationError) as caught:
        settings_for(tmp_path, **{**ON, **clients(id="The Secret")})

    assert "The Secret" not in str(caught.value)
