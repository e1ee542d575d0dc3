"""The client of Recapito for public administrations: messages, notices and batches to citizens."""

from recapito.client import Recapito
from recapito.errors import (
    Conflict,
    FieldError,
    Forbidden,
    NotAuthorized,
    NotFound,
    NotReached,
    RateLimited,
    RecapitoError,
    Refused,
    ServerFailed,
)
from recapito.models.batches import Batch, BatchStatus, RowProblem
from recapito.models.messages import NewMessage, Payment
from recapito.models.notices import Instalment, NewNotice
from recapito.retries import RetryPolicy

__version__ = "0.1.0"

__all__ = (
    "Batch",
    "BatchStatus",
    "Conflict",
    "FieldError",
    "Forbidden",
    "Instalment",
    "NewMessage",
    "NewNotice",
    "NotAuthorized",
    "NotFound",
    "NotReached",
    "Payment",
    "RateLimited",
    "Recapito",
    "RecapitoError",
    "Refused",
    "RetryPolicy",
    "RowProblem",
    "ServerFailed",
    "__version__",
)
