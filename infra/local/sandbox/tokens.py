"""The sandbox's identity provider: sign citizens' tokens with a key of the data folder.

`python -m infra.local.sandbox.tokens FISCAL_CODE` prints a token, for hosts without `/sandbox`.
"""

import hmac
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from infra.local.data.private import keep_private
from infra.local.provider.citizens import citizen
from infra.local.sandbox.signing_keys import public_jwk, read_or_create_key, write_whole
from infra.local.settings.options import JWKS_FILE
from infra.local.settings.settings_file import load_settings
from lib.composition.settings.tokens import (
    ACR_VALUES,
    SANDBOX_AUDIENCE,
    SANDBOX_ISSUER,
    SANDBOX_KEY_FILE,
    words,
)

KEY_FILE = SANDBOX_KEY_FILE
LIFETIME = timedelta(hours=1)


class TokenIssuer:
    """The issuer of tokens (ES256), with the key of the data folder, which is generated once."""

    def __init__(
        self,
        data_folder: Path,
        issuer: str,
        audience: str,
        *,
        acr: str = ACR_VALUES[0],
        scope: str = "",
    ) -> None:
        self._issuer, self._audience = issuer, audience
        self._login = {"acr": acr, **({"scope": scope} if scope else {})}
        self.key, pem = read_or_create_key(data_folder, KEY_FILE)
        self._secret = hmac.digest(pem, b"subject", "sha256")
        self.jwk = public_jwk(self.key)
        write_whole(data_folder / JWKS_FILE, json.dumps({"keys": [self.jwk]}).encode(), 0o644)

    def issue(
        self,
        fiscal_code: str,
        now: datetime,
        acting_for: str | None = None,
        delegation_id: str | None = None,
    ) -> tuple[str, datetime]:
        """Return a citizen's token and its expiry.

        `acting_for`: the party for whom the citizen acts. `delegation_id`: the delegation, None for
        the one that is in force.
        """
        expires_at = now + LIFETIME
        person = self._person(fiscal_code)
        if acting_for is not None:
            party = {"sub": self._subject(acting_for), "fiscal_number": f"TINIT-{acting_for}"}
            named = {"delegation_id": delegation_id} if delegation_id else {}
            person = {**party, "act": person, **named}
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            **person,
            **self._login,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        token = jwt.encode(claims, self.key, "ES256", headers={"kid": self.jwk["kid"]})
        return token, expires_at.replace(microsecond=0)

    def _person(self, fiscal_code: str) -> dict[str, Any]:
        person = citizen(fiscal_code)
        return {
            "sub": self._subject(fiscal_code),
            "fiscal_number": f"TINIT-{fiscal_code}",
            "given_name": person.given_name,
            "family_name": person.family_name,
            "birthdate": person.birthdate,
        }

    def _subject(self, fiscal_code: str) -> str:
        return hmac.digest(self._secret, fiscal_code.encode(), "sha256")[:16].hex()


def issuer_of_settings(data_folder: Path) -> TokenIssuer:
    """Return the issuer whose tokens the app accepts by its settings."""
    return TokenIssuer(
        data_folder,
        os.environ.get("CITIZEN_TOKEN_ISSUER", SANDBOX_ISSUER),
        os.environ.get("CITIZEN_TOKEN_AUDIENCE", SANDBOX_AUDIENCE),
        acr=words(os.environ.get("CITIZEN_TOKEN_ACR_VALUES", ""), ACR_VALUES)[0],
        scope=os.environ.get("CITIZEN_TOKEN_SCOPE", ""),
    )


def main() -> None:
    """Print a token of the citizen on the command line. It is valid for an hour."""
    keep_private()
    load_settings(Path())
    (fiscal_code,) = sys.argv[1:]
    issuer = issuer_of_settings(Path(os.environ.get("DATA_FOLDER", ".data")))
    print(issuer.issue(fiscal_code, datetime.now(UTC))[0])


if __name__ == "__main__":
    main()
