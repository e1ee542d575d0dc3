"""A citizen's request for a copy of all personal data, and its states, by IO's names."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lib.domain.personal_data.errors import DataRequestOpenError
from lib.domain.shared.values import parse_timestamp, timestamp

type RequestStatus = Literal["PENDING", "WIP", "CLOSED", "FAILED"]
"""PENDING: it waits. WIP: the archive is being made. CLOSED: it was made. FAILED: it was not."""

KEPT: Final = timedelta(days=3)
"""The time for which an archive can be downloaded."""
GIVEN_UP: Final = timedelta(days=1)
"""A request that is older and not finished counts as failed, so that the citizen may ask again."""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """The latest request; times as `values.timestamp` writes them.

    `id`: new for each request. `version`: the number of requests before it. `archive`: a secret
    name, chosen before any archive is written; once one is ready, the name of that one, which
    begins with the secret. `expires_at`: None until it is ready. `size`: its size in bytes.
    """

    id: str
    created_at: str
    updated_at: str
    version: int = 0
    status: RequestStatus = "PENDING"
    archive: str | None = None
    expires_at: str | None = None
    size: int = 0

    def status_at(self, now: datetime) -> RequestStatus:
        """Return the status; FAILED for a request that nothing will finish any more."""
        is_open = self.status in {"PENDING", "WIP"}
        if is_open and now - parse_timestamp(self.created_at) > GIVEN_UP:
            return "FAILED"
        return self.status

    def archive_at(self, now: datetime) -> str | None:
        """Return the name of the archive; None if there is none, or if it has expired."""
        is_ready = self.expires_at is not None and timestamp(now) < self.expires_at
        return self.archive if is_ready else None

    def begun(self, archive: str, now: datetime) -> "DataRequest":
        """Return the request whose archives get names that begin with this one."""
        return replace(self, status="WIP", archive=archive, updated_at=timestamp(now))

    def closed(self, archive: str, size: int, now: datetime) -> "DataRequest":
        """Return the request whose archive is stored under this name."""
        at, expires = timestamp(now), timestamp(now + KEPT)
        return replace(
            self, status="CLOSED", archive=archive, updated_at=at, expires_at=expires, size=size
        )


def new_request(before: DataRequest | None, id_: str, now: datetime) -> DataRequest:
    """Return a new request after an earlier one; raise DataRequestOpenError."""
    if before is None:
        return DataRequest(id_, timestamp(now), timestamp(now))
    if before.status_at(now) in {"PENDING", "WIP"}:
        raise DataRequestOpenError
    return DataRequest(id_, timestamp(now), timestamp(now), before.version + 1)
