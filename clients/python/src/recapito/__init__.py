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
from recapito.models.batches import Batch, BatchStatus, RowProblem, Text
from recapito.models.certificates import FormField, NewOffer
from recapito.models.messages import About, NewMessage, Payment
from recapito.models.notices import Instalment, NewNotice
from recapito.retries import RetryPolicy

__version__ = "0.1.0"

__all__ = (
    "About",
    "Batch",
    "BatchStatus",
    "Conflict",
    "FieldError",
    "Forbidden",
    "FormField",
    "Instalment",
    "NewMessage",
    "NewNotice",
    "NewOffer",
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
    "Text",
    "__version__",
)
