"""The options of the host and of its workers.

The module imports little, so that the supervisor starts fast.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

GRACE_SECONDS: Final = 10.0
JWKS_FILE: Final = "citizen-jwks.json"
AUTHORITY_JWKS_FILE: Final = "authority-jwks.json"
READY: Final = b"ready"
ANSWERING_NAME: Final = "recapito-answer"
BACKGROUND_NAME: Final = "recapito-queues"


def is_sandbox() -> bool:
    """Tell whether the setting SANDBOX is on."""
    return os.environ.get("SANDBOX", "").strip().lower() in {"true", "1"}


def external_provider() -> str | None:
    """Return the identity provider of citizens' tokens, or None for the sandbox."""
    jwks = os.environ.get("CITIZEN_TOKEN_JWKS", "")
    if not jwks or (not jwks.startswith("https://") and Path(jwks).name == JWKS_FILE):
        return None
    return os.environ.get("CITIZEN_TOKEN_ISSUER", jwks)


@dataclass(frozen=True, slots=True)
class HostArguments:
    """The arguments of the command line; folders are absolute."""

    host: str
    port: int
    workers: int
    app_folder: Path
    data_folder: Path
    quiet: bool
    lease_seconds: float
    niceness: int
    hang_seconds: int
    names: tuple[str, ...]
    reload: bool = False
    login: bool = False
    stop_with_input: bool = False


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """The options of a worker, passed as JSON.

    A worker without a socket works in the background. `workers` is the number of workers that
    answer, and `number` counts a worker among its kind.
    """

    socket_fd: int | None
    alive_fd: int
    beats_fd: int
    app_folder: str
    data_folder: str
    workers: int
    number: int
    colour: bool
    quiet: bool
    lease_seconds: float
    niceness: int
    names: tuple[str, ...] = ()

    @property
    def is_background(self) -> bool:
        """Tell whether the worker runs queue triggers and timers, and answers no requests."""
        return self.socket_fd is None

    @property
    def slot(self) -> int:
        """Return the worker's number among the workers of both kinds."""
        return self.number + (self.workers if self.is_background else 0)

    @property
    def process_name(self) -> str:
        """Return the name that lists of processes show, of at most 15 characters."""
        return BACKGROUND_NAME if self.is_background else ANSWERING_NAME

    def to_json(self) -> str:
        """Return the options as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read options from JSON."""
        members = json.loads(text)
        return cls(**{**members, "names": tuple(members["names"])})
