"""The API of senders about batches, and about the templates of their messages."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.batches import (
    batches,
    files,
    following,
    previews,
    recipients,
    steering,
    templates,
    unreached,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *batches.ENDPOINTS,
    *following.ENDPOINTS,
    *recipients.ENDPOINTS,
    *steering.ENDPOINTS,
    *files.ENDPOINTS,
    *unreached.ENDPOINTS,
    *templates.ENDPOINTS,
    *previews.ENDPOINTS,
)
