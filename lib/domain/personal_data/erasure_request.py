"""A citizen's request for the deletion of all data, and its states, by IO's names."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lib.domain.personal_data.errors import DataRequestOpenError, ErasureNotPendingError
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import timestamp

type ErasureStatus = Literal["PENDING", "WIP", "ABORTED"]
"""PENDING: the grace period. WIP: the data is being erased. ABORTED: the citizen stays."""

NOBODY: Final = FiscalCode("ERASED00A00A000A")
"""The name in a sender's records that replaces the fiscal code of an erased citizen.

It is the same for all, so the records do not tell which of them had the same citizen. It has no
right check character, so it belongs to no person.
"""
SETTLING: Final = timedelta(minutes=30)
"""The time between two stages of an erasure: longer than a call or a queue function runs."""


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """The latest request; times as `values.timestamp` writes them.

    `id`: new for each request. `version`: the number of requests before it. `due_at`: when the
    erasure begins, unless the citizen aborts it before. A request that is done is not stored, since
    its document would name the citizen.
    """

    id: str
    created_at: str
    updated_at: str
    due_at: str
    version: int = 0
    status: ErasureStatus = "PENDING"

    @property
    def is_open(self) -> bool:
        """Whether the erasure is to come, or has begun."""
        return self.status != "ABORTED"

    def aborted(self, now: datetime) -> "ErasureRequest":
        """Return the request that its citizen took back.

        Raise ErasureNotPendingError for one that has begun, or that was aborted before.
        """
        if self.status != "PENDING":
            raise ErasureNotPendingError
        return replace(self, status="ABORTED", updated_at=timestamp(now))

    def begun(self, now: datetime) -> "ErasureRequest":
        """Return the request whose erasure begins."""
        return replace(self, status="WIP", updated_at=timestamp(now))


def new_erasure(
    before: ErasureRequest | None, id_: str, now: datetime, grace: timedelta
) -> ErasureRequest:
    """Return a new request after an earlier one; raise DataRequestOpenError."""
    if before is not None and before.is_open:
        raise DataRequestOpenError
    at, version = timestamp(now), 0 if before is None else before.version + 1
    return ErasureRequest(id_, at, at, timestamp(now + grace), version)
