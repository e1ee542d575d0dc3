"""The queue items of batches."""

from typing import Annotated

from pydantic import Field

from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.ports.queueing.item import Item


class BatchUploaded(Item):
    """Ask for the check of a batch's list of recipients; `upload` is the number of the list."""

    service_id: ServiceId
    batch_id: BatchId
    upload: Annotated[int, Field(ge=1)]


class BatchStarted(Item):
    """Ask for the first chunks of a batch: it was confirmed or resumed, or its start has come."""

    service_id: ServiceId
    batch_id: BatchId
    generation: Annotated[int, Field(ge=0)]


class BatchChunkDue(Item):
    """Ask for the messages of one chunk of a batch.

    `chunk`: the number of the chunk, from 0. `first`: the first row of the chunk to be sent, from
    0. `recalls`: the messages are withdrawn instead. An item of an earlier generation does nothing.
    """

    service_id: ServiceId
    batch_id: BatchId
    generation: Annotated[int, Field(ge=0)]
    chunk: Annotated[int, Field(ge=0)]
    first: Annotated[int, Field(ge=0)] = 0
    recalls: bool = False
