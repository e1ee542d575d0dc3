"""What the supervisor and its workers agree on; imports little: the parent starts fast."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

GRACE_SECONDS: Final = 10.0
JWKS_FILE: Final = "citizen-jwks.json"
READY: Final = b"ready"


def is_sandbox() -> bool:
    """Whether the setting SANDBOX is on."""
    return os.environ.get("SANDBOX", "").strip().lower() in {"true", "1"}


def external_provider() -> str | None:
    """Return who signs citizens' tokens, where that is not the sandbox."""
    jwks = os.environ.get("CITIZEN_TOKEN_JWKS", "")
    if not jwks or (not jwks.startswith("https://") and Path(jwks).name == JWKS_FILE):
        return None
    return os.environ.get("CITIZEN_TOKEN_ISSUER", jwks)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What the supervisor tells its workers, as JSON on the command line.

    Who is given no socket works in the background. `workers` counts those that
    answer, `number` is among its kind.
    """

    socket_fd: int | None
    ready_fd: int
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
        """Whether to run queue triggers and timers rather than to answer requests."""
        return self.socket_fd is None

    @property
    def slot(self) -> int:
        """The worker's number among those of both kinds."""
        return self.number + (self.workers if self.is_background else 0)

    def to_json(self) -> str:
        """Write for `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        members = json.loads(text)
        return cls(**{**members, "names": tuple(members["names"])})
