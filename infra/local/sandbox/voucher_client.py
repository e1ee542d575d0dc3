"""The sandbox's client of PDND: it signs what a real client signs, with a key of the data folder.

`python -m infra.local.sandbox.voucher_client` prints an assertion, with which the sandbox's
authority gives a voucher. `… headers VOUCHER METHOD URL [FILE]` prints the headers of one call, for
`curl -H @-`: the voucher, the digest of the file, its signature, evidence of a clerk, and a proof
if the voucher is bound to a key.
"""

import base64
import hashlib
import os
import sys
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import jwt

from infra.local.data.private import keep_private
from infra.local.sandbox.authority import AUDIENCE, CLIENT_ID, CLIENT_KEY_FILE, PURPOSE_ID
from infra.local.sandbox.signing_keys import public_jwk, read_or_create_key
from infra.local.settings.settings_file import load_settings
from lib.adapters.embedded.clock import SandboxClock
from lib.composition.settings.vouchers import SANDBOX_VOUCHER_AUDIENCE
from lib.composition.stacks import CLOCK_FILE

LIFETIME: Final = timedelta(minutes=5)


class VoucherClient:
    """A client with its key; `audience`: the name of the e-service that it calls."""

    def __init__(self, data_folder: Path, audience: str = SANDBOX_VOUCHER_AUDIENCE) -> None:
        self.key, _ = read_or_create_key(data_folder, CLIENT_KEY_FILE)
        self.jwk = public_jwk(self.key)
        self._audience = audience

    def assertion(self, purpose_id: str = PURPOSE_ID, **claims: Any) -> str:
        """Return the assertion with which the client asks for a voucher."""
        times = _times(time.time())
        return self._signed({**times, "aud": AUDIENCE, "purposeId": purpose_id, **claims})

    def proof(self, method: str, url: str, now: datetime, token: str = "", **claims: Any) -> str:
        """Return a proof of the client's key for one call, with a voucher where one is given."""
        begun: dict[str, Any] = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url.partition("?")[0],
            "iat": int(now.timestamp()),
        }
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            begun["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        shown = {name: self.jwk[name] for name in ("kty", "crv", "x", "y")}
        headers = {"typ": "dpop+jwt", "jwk": shown}
        return jwt.encode({**begun, **claims}, self.key, "ES256", headers=headers)

    def signature(self, headers: dict[str, str], now: datetime, **claims: Any) -> str:
        """Return the signature of these headers."""
        listed = [{name: value} for name, value in headers.items()]
        return self._signed(
            {
                **_times(now.timestamp()),
                "aud": self._audience,
                "signed_headers": listed,
                **claims,
            }
        )

    def evidence(self, now: datetime, purpose_id: str = PURPOSE_ID, **claims: Any) -> str:
        """Return evidence of the clerk who acts."""
        person = {"userID": "clerk-7", "userLocation": "desk-3", "LoA": "substantial"}
        about = {"purposeId": purpose_id, "dnonce": int.from_bytes(os.urandom(6)), **person}
        return self._signed({**_times(now.timestamp()), "aud": self._audience, **about, **claims})

    def _signed(self, claims: dict[str, Any]) -> str:
        whole = {"iss": CLIENT_ID, "sub": CLIENT_ID, "jti": str(uuid.uuid4()), **claims}
        return jwt.encode(whole, self.key, "ES256", headers={"kid": self.jwk["kid"], "typ": "JWT"})


def digest_of(body: bytes) -> str:
    """Return the header `Digest` of a body (RFC 3230)."""
    return f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def _times(now: float) -> dict[str, int]:
    return {"iat": int(now), "exp": int(now + LIFETIME.total_seconds())}


def main() -> None:
    """Print an assertion, or the headers of one call."""
    keep_private()
    load_settings(Path())
    folder = Path(os.environ.get("DATA_FOLDER", ".data"))
    client = VoucherClient(folder, os.environ.get("VOUCHER_AUDIENCE", SANDBOX_VOUCHER_AUDIENCE))
    if not sys.argv[2:]:
        print(client.assertion(*sys.argv[1:]))
        return
    _, voucher, method, url, *files = sys.argv[1:]
    now = SandboxClock(folder / CLOCK_FILE).now()
    body = Path(files[0]).read_bytes() if files else b""
    is_bound = "cnf" in jwt.decode(voucher, options={"verify_signature": False})
    headers = {"Authorization": f"{'DPoP' if is_bound else 'Bearer'} {voucher}"}
    if is_bound:
        headers["DPoP"] = client.proof(method, url, now, voucher)
    if body:
        signed = {"digest": digest_of(body), "content-type": "application/json"}
        headers |= {"Content-Type": signed["content-type"], "Digest": signed["digest"]}
        headers["Agid-JWT-Signature"] = client.signature(signed, now)
    headers["Agid-JWT-TrackingEvidence"] = client.evidence(now)
    for name, value in headers.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
