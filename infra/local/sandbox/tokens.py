"""The sandbox's identity provider: sign citizens' tokens with a key of the data folder.

`python -m infra.local.sandbox.tokens FISCAL_CODE` prints a token, for hosts without `/sandbox`.
"""

import base64
import hmac
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.data.private import keep_private
from infra.local.errors import HostError
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
_COORDINATE_BYTES = 32


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
        pem = _read_or_create_key(data_folder)
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise HostError(
                f"{data_folder / KEY_FILE} does not have an elliptic-curve key; delete it"
            )
        self.key = key
        self._secret = hmac.digest(pem, b"subject", "sha256")
        self.jwk = _public_jwk(key)
        _write_whole(data_folder / JWKS_FILE, json.dumps({"keys": [self.jwk]}).encode(), 0o644)

    def issue(self, fiscal_code: str, now: datetime) -> tuple[str, datetime]:
        """Return a citizen's token and its expiry."""
        expires_at = now + LIFETIME
        subject = hmac.digest(self._secret, fiscal_code.encode(), "sha256")[:16].hex()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "fiscal_number": f"TINIT-{fiscal_code}",
            "given_name": "Ada",
            "family_name": "Sandbox",
            # The sandbox's fiscal codes name their case and have no date of birth.
            "birthdate": "1980-01-01",
            **self._login,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        token = jwt.encode(claims, self.key, "ES256", headers={"kid": self.jwk["kid"]})
        return token, expires_at.replace(microsecond=0)


def issuer_of_settings(data_folder: Path) -> TokenIssuer:
    """Return the issuer whose tokens the app accepts by its settings."""
    return TokenIssuer(
        data_folder,
        os.environ.get("CITIZEN_TOKEN_ISSUER", SANDBOX_ISSUER),
        os.environ.get("CITIZEN_TOKEN_AUDIENCE", SANDBOX_AUDIENCE),
        acr=words(os.environ.get("CITIZEN_TOKEN_ACR_VALUES", ""), ACR_VALUES)[0],
        scope=os.environ.get("CITIZEN_TOKEN_SCOPE", ""),
    )


def _read_or_create_key(folder: Path) -> bytes:
    """Return the key as PEM.

    Concurrency: processes that create the key at the same time get the same key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY_FILE
    if not path.exists():
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_whole(path, pem, 0o600, keep=True)
    return path.read_bytes()


def _write_whole(path: Path, content: bytes, mode: int, *, keep: bool = False) -> None:
    """Write a file so that no reader sees a part of it. `keep`: an existing file stays."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    if not keep:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    finally:
        part.unlink()


def _public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(_COORDINATE_BYTES)).rstrip(b"=").decode()
        for n in (numbers.x, numbers.y)
    )
    kid = hmac.digest(b"kid", f"{x}.{y}".encode(), "sha256")[:8].hex()
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256", "use": "sig"}


def main() -> None:
    """Print a token of the citizen on the command line. It is valid for an hour."""
    keep_private()
    load_settings(Path())
    (fiscal_code,) = sys.argv[1:]
    issuer = issuer_of_settings(Path(os.environ.get("DATA_FOLDER", ".data")))
    print(issuer.issue(fiscal_code, datetime.now(UTC))[0])


if __name__ == "__main__":
    main()
