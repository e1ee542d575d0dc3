"""The queues on Azure Queue Storage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueMessage, TextBase64DecodePolicy, TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.direct import items
from lib.adapters.azure.errors import answered
from lib.adapters.rules.queues import (
    MAX_RECEIVE,
    check_queue,
    check_receive,
    check_text,
    check_time,
)
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.queue import QueueItem

NEVER_EXPIRES: Final = -1

_ZERO: Final = timedelta(0)
_VOID: Final = frozenset({"PopReceiptMismatch", "MessageNotFound", "InvalidQueryParameterValue"})


class StorageQueue:
    """The queues of one storage account. The first put to a queue creates it."""

    def __init__(self, clients: AzureClients) -> None:
        self._clients = clients
        self._known: dict[str, QueueClient] = {}
        self._direct = clients.direct_queues()

    async def put(self, queue: str, text: str, *, delay: timedelta = _ZERO) -> None:
        """Put an item.

        Raises: LimitError.
        """
        check_time(queue, delay)
        check_text(queue, text)
        hidden = int(delay.total_seconds())
        request = items.put(text, hidden, NEVER_EXPIRES)
        async with answered(queue), _no_fault_of_the_item(queue):
            if await self._direct.send((queue, "put"), request) is not None:
                return
            client = self._queue(queue)
            options: dict[str, Any] = {
                "visibility_timeout": hidden,
                "time_to_live": NEVER_EXPIRES,
                "raw_response_hook": self._direct.learn((queue, "put"), request.method),
            }
            try:
                await client.send_message(text, **options)
            except ResourceNotFoundError:
                await _make(client)
                await client.send_message(text, **options)

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Receive items and hide them for the timeout.

        Raises: LimitError. A missing queue is empty.
        """
        check_receive(queue, limit, visibility_timeout)
        hidden = int(visibility_timeout.total_seconds())
        request = items.receive(limit, hidden)
        async with answered(queue):
            answer = await self._direct.send((queue, "receive"), request)
            if answer is not None:
                return items.received(queue, answer.body)
            try:
                received = self._queue(queue).receive_messages(
                    messages_per_page=limit,
                    max_messages=limit,
                    visibility_timeout=hidden,
                    raw_response_hook=self._direct.learn((queue, "receive"), request.method),
                )
                # the first page has all items, and a second page would cost a request
                page = await anext(received.by_page(), None)
                return [] if page is None else [_item(message) async for message in page]
            except ResourceNotFoundError:
                return []

    async def update(
        self, queue: str, item: QueueItem, *, visibility_timeout: timedelta, text: str | None = None
    ) -> QueueItem:
        """Hide an item for the timeout from now, and replace its text if one is given.

        Raises: NotFoundError, LimitError.
        """
        check_time(queue, visibility_timeout)
        if text is not None:
            check_text(queue, text)
        async with answered(queue):
            try:
                updated = await self._queue(queue).update_message(
                    item.id,
                    item.pop_receipt,
                    text,
                    visibility_timeout=int(visibility_timeout.total_seconds()),
                )
            except HttpResponseError as error:
                _raise_if_void(queue, error)
                raise
        return QueueItem(
            item.id,
            item.text if text is None else text,
            item.dequeue_count,
            item.inserted_at,
            str(updated.pop_receipt),
        )

    async def delete(self, queue: str, item: QueueItem) -> None:
        """Delete an item.

        Raises: NotFoundError.
        """
        check_queue(queue)
        request = items.delete(item)
        async with answered(queue):
            if await self._direct.send((queue, "delete"), request) is not None:
                return
            try:
                await self._queue(queue).delete_message(
                    item.id,
                    item.pop_receipt,
                    raw_response_hook=self._direct.learn((queue, "delete"), request.method),
                )
            except HttpResponseError as error:
                _raise_if_void(queue, error)
                raise

    async def length(self, queue: str) -> int:
        """Return the approximate number of items: under load, the service counts with a delay."""
        check_queue(queue)
        async with answered(queue):
            try:
                properties = await self._queue(queue).get_queue_properties()
            except ResourceNotFoundError:
                return 0
        return int(properties.approximate_message_count or 0)

    async def oldest(self, queue: str) -> datetime | None:
        """Return the put time of the oldest item among the first 32 visible items, or None.

        Texts are not decoded, since a text of another program must not hide the other items.
        """
        check_queue(queue)
        async with answered(queue):
            try:
                client = self._clients.queues().get_queue_client(queue)
                peeked = await client.peek_messages(max_messages=MAX_RECEIVE)
            except ResourceNotFoundError:
                return None
        moments = [item.inserted_on.astimezone(UTC) for item in peeked if item.inserted_on]
        return min(moments, default=None)

    async def close(self) -> None:
        """Release the clients."""
        self._known.clear()
        self._direct.forget()
        await self._clients.close()

    def _queue(self, queue: str) -> QueueClient:
        known = self._known.get(queue)
        if known is None:
            known = self._known[queue] = self._clients.queues().get_queue_client(
                queue,
                message_encode_policy=TextBase64EncodePolicy(),
                message_decode_policy=TextBase64DecodePolicy(),
            )
        return known


async def _make(queue: QueueClient) -> None:
    with suppress(ResourceExistsError):
        await queue.create_queue()


@asynccontextmanager
async def _no_fault_of_the_item(queue: str) -> AsyncIterator[None]:
    """Raise UnavailableError for a queue that is being deleted, since no put can create it yet."""
    try:
        yield
    except (ResourceExistsError, ResourceNotFoundError):
        raise UnavailableError(f"{queue}: the queue is being deleted") from None


def _item(message: QueueMessage) -> QueueItem:
    inserted_at = message.inserted_on
    if inserted_at is None:
        raise UnavailableError("an item has no time of its put")
    return QueueItem(
        str(message.id),
        str(message.content),
        int(message.dequeue_count or 0),
        inserted_at.astimezone(UTC),
        str(message.pop_receipt),
    )


def _raise_if_void(queue: str, error: HttpResponseError) -> None:
    code = getattr(error, "error_code", None)
    if str(getattr(code, "value", code)) in _VOID:
        raise NotFoundError(f"{queue}: the receipt is void") from None
