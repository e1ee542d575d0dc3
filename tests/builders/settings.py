"""Valid settings to vary."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, override

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from infra.local.emulators.processes import Emulators, Ports
from infra.local.settings.options import AUTHORITY_JWKS_FILE
from lib.composition.settings import Settings
from lib.composition.settings.push import SANDBOX_PUBLIC_KEY
from lib.composition.settings.vouchers import SANDBOX_VOUCHER_AUDIENCE, SANDBOX_VOUCHER_ISSUER

ISSUER = "https://sandbox.recapito.example"
AUDIENCE = "recapito-sandbox"

PUBLIC_URL = "http://127.0.0.1:7071"
CLIENTS = json.dumps(
    [
        {
            "id": "an-app",
            "name": "Un'app",
            "kind": "native",
            "redirect_uris": ["http://127.0.0.1/callback", "https://app.example/callback"],
            "logout_uris": ["https://app.example/bye"],
            "scopes": ["openid", "profile", "email", "inbox"],
        },
        {
            "id": "another-app",
            "name": "Un'altra app",
            "kind": "native",
            "redirect_uris": ["http://127.0.0.1/callback"],
            "scopes": ["openid"],
        },
        {
            "id": "a-page",
            "name": "Una pagina",
            "kind": "browser",
            "redirect_uris": ["http://127.0.0.1:7071/inbox"],
            "scopes": ["inbox"],
        },
    ]
)
"""Two apps and a page that log citizens in."""


def a_secret(purpose: str) -> str:
    """Return a secret in the format of `openssl rand -base64 32`, always the same for a purpose."""
    return base64.b64encode(hashlib.sha256(purpose.encode()).digest()).decode()


NO_SANDBOX: Mapping[str, Any] = {
    "sandbox": False,
    "key_hash_secret": a_secret("key hash"),
    "pseudonym_secret": a_secret("pseudonym"),
    "link_secret": a_secret("link"),
    "remote_content_secret": a_secret("remote content"),
    "citizen_token_issuer": "https://login.example",
    "citizen_token_audience": "recapito",
    "citizen_token_jwks": "https://login.example/jwks",
    "voucher_issuer": "",
    "evidence_secret": "",
    "sign_in_secret": "",
    "app_clients": "",
    "web_push_public_key": "",
}
"""Changes to the settings for an app without a sandbox."""


class GivenSettings(Settings):
    """Settings from the given values alone."""

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Return settings for a stack in the folder. The environment is not read."""
    if not changes:
        return _usual().model_copy(update=_places(folder))
    return _validated(folder, **changes)


@cache
def _usual() -> Settings:
    """Return the settings without changes, which thousands of tests take in their folders."""
    return _validated(Path())


def _places(folder: Path) -> dict[str, Any]:
    return {
        "data_folder": folder,
        "citizen_token_jwks": str(folder / "citizen-jwks.json"),
        "voucher_jwks": str(folder / AUTHORITY_JWKS_FILE),
    }


def _validated(folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "stack": "embedded",
        **_places(folder),
        "sandbox": True,
        "key_hash_secret": "sandbox-key-hash-secret",
        "pseudonym_secret": "sandbox-pseudonym-secret",
        "link_secret": "sandbox-link-secret",
        "remote_content_secret": "sandbox-remote-content-secret",
        "public_url": PUBLIC_URL,
        "citizen_token_issuer": ISSUER,
        "citizen_token_audience": AUDIENCE,
        "voucher_issuer": SANDBOX_VOUCHER_ISSUER,
        "voucher_audience": SANDBOX_VOUCHER_AUDIENCE,
        "evidence_secret": "sandbox-evidence-secret",
        "send_service_id": "sandbox-special-service",
        "sign_in_secret": "sandbox-sign-in-secret",
        "web_push_public_key": SANDBOX_PUBLIC_KEY,
        **changes,
    }
    # the pages of a browser's client lie under the app's own address
    own = CLIENTS.replace(PUBLIC_URL, str(values["public_url"]) or PUBLIC_URL)
    values.setdefault("app_clients", own)
    return GivenSettings.model_validate(values)


def named_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return settings by their names in the code, from those of the environment."""
    names = {
        str(field.validation_alias or name.upper()): name
        for name, field in Settings.model_fields.items()
    }
    return {names[name]: value for name, value in environment.items()}


def settings_of(emulators: Emulators, ports: Ports | None = None) -> dict[str, str]:
    """Return the settings of a stack on the emulators; see `Emulators.settings`."""
    return named_settings(emulators.settings(ports))
