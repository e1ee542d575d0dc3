"""All containers. Each stack creates them from here."""

from typing import Final

from lib.ports.schema import (
    batches,
    citizens,
    documents,
    messages,
    notifications,
    operations,
    senders,
)

CONTAINERS: Final = (
    *messages.CONTAINERS,
    *notifications.CONTAINERS,
    *operations.CONTAINERS,
    *citizens.CONTAINERS,
    *senders.CONTAINERS,
    *documents.CONTAINERS,
    *batches.CONTAINERS,
)
