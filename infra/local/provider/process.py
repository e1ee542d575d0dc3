"""Run the identity provider of the sandbox as a child process on this machine."""

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.local.emulators.processes import NODE_MODULES
from infra.local.errors import HostError
from infra.local.node.program import node_fault, node_program
from infra.local.provider.citizens import CITIZENS
from infra.local.provider.keys import provider_keys, relying_party_keys

PROVIDER_ID: Final = "sandbox"
CLIENT_ID: Final = "recapito-sandbox"
CALLBACK_PATH: Final = "/api/auth/v1/callback"
LOGGED_OUT_PATH: Final = "/api/auth/v1/logged-out"
LEVELS: Final = tuple(f"https://www.spid.gov.it/SpidL{level}" for level in (1, 2, 3))
STOP_SECONDS: Final = 5

_FOLDER: Final = Path(__file__).parent
_LOOPBACK: Final = "127.0.0.1"


def why_not() -> str:
    """Return the reason why the provider cannot run here, or ""."""
    if reason := node_fault():
        return reason
    if not (NODE_MODULES / "oidc-provider").is_dir():
        return "the npm packages are not installed (make run LOGIN=1 installs them)"
    return ""


class SandboxProvider:
    """The provider, which serves from the call of `start` to that of `stop`.

    `public_url`: the address of the app, to which the provider sends browsers back.
    """

    def __init__(self, public_url: str, data_folder: Path, port: int = 0) -> None:
        if reason := why_not():
            raise HostError(f"the identity provider cannot run: {reason}")
        if not public_url:
            raise HostError("PUBLIC_URL is needed with --login")
        self._public = public_url.rstrip("/")
        self._keys = relying_party_keys(data_folder)
        self._socket = _listening(port)
        self.issuer = f"http://{_LOOPBACK}:{self._socket.getsockname()[1]}"
        self._process: subprocess.Popen[bytes] | None = None

    def settings(self) -> dict[str, str]:
        """Return the app's settings for this provider."""
        entry = {"id": PROVIDER_ID, "name": "Accesso di prova", "issuer": self.issuer}
        return {
            "IDENTITY_PROVIDERS": json.dumps([entry]),
            "RELYING_PARTY_ID": CLIENT_ID,
            "RELYING_PARTY_KEYS": json.dumps(self._keys.as_dict(private=True)),
        }

    def start(self, warn: Callable[[str], None]) -> None:
        """Start the process. Requests wait in the socket until it is ready.

        `warn`: is told if the process ends by itself.
        """
        number = self._socket.fileno()
        options = {
            "issuer": self.issuer,
            "fd": number,
            "client": self._client(),
            "citizens": [one._asdict() for one in CITIZENS],
            "levels": LEVELS,
            "keys": provider_keys(),
        }
        self._process = subprocess.Popen(
            [
                node_program() or "node",
                "--no-warnings",
                "--require",
                str(_FOLDER.parent / "emulators/die-with-parent.cjs"),
                str(_FOLDER / "provider.mjs"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(number,),
            env={**os.environ, "RECAPITO_PROVIDER": json.dumps(options)},
            # Ctrl-C in a terminal goes to the parent only, which stops the provider.
            start_new_session=True,
        )
        self._socket.close()
        threading.Thread(target=self._watch, args=(self._process, warn), daemon=True).start()

    def stop(self) -> None:
        """Stop the process by its id."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _watch(self, process: subprocess.Popen[bytes], warn: Callable[[str], None]) -> None:
        code = process.wait()
        if self._process is process:
            warn(f"the identity provider ended (exit code {code}): nobody can log in at it")

    def _client(self) -> dict[str, object]:
        """Return the app as the provider knows it."""
        return {
            "client_id": CLIENT_ID,
            "redirect_uris": [f"{self._public}{CALLBACK_PATH}"],
            "post_logout_redirect_uris": [f"{self._public}{LOGGED_OUT_PATH}"],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "subject_type": "pairwise",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "RS256",
            "request_object_signing_alg": "RS256",
            "id_token_signed_response_alg": "RS256",
            "userinfo_signed_response_alg": "RS256",
            "userinfo_encrypted_response_alg": "RSA-OAEP-256",
            "userinfo_encrypted_response_enc": "A256CBC-HS512",
            "jwks": self._keys.as_dict(private=False),
        }


def _listening(port: int) -> socket.socket:
    """Listen at the port, or at any free one where it is taken."""
    for wanted in (port, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_LOOPBACK, wanted))
        except OSError:
            listener.close()
            continue
        listener.listen()
        return listener
    raise OSError("no free port")
