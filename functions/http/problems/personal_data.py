"""How the API answers the errors of requests for personal data."""

from typing import Any, Final

from functions.http.contract.problem_row import Row
from lib.domain.personal_data.errors import (
    ArchiveNotFoundError,
    DataRequestNotFoundError,
    DataRequestOpenError,
    ErasureNotPendingError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(DataRequestNotFoundError, 404, "Not found", "You have made no such request."),
    Row(
        DataRequestOpenError,
        409,
        "Conflict",
        "Your earlier request is being processed: wait until it is finished.",
    ),
    Row(
        ErasureNotPendingError,
        409,
        "Conflict",
        "Only a deletion that is PENDING can be aborted.",
    ),
    Row(
        ArchiveNotFoundError,
        404,
        "Archive not found",
        "There is no archive: ask for one, wait until it is ready, and download it within 3 days.",
    ),
)
