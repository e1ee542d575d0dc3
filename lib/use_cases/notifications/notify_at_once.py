"""Send the notifications of a message that was just read, without their queue."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from lib import telemetry
from lib.domain.messages.message import Message
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.ports.queueing.retry_later import RetryLaterError
from lib.use_cases.notifications.pace import Pace
from lib.use_cases.notifications.request_notifications import RequestNotifications

type Send = Callable[[NotificationRequested, Message], Awaitable[None]]
"""Sends the notification of a message; raises RetryLaterError (SendNotification.at_once)."""


class NotifyAtOnce:
    """Send the pushes of a message, and queue its e-mails and the notifications of delegates.

    A push that failed, or would wait for a slow push service, is queued too; after an outage with
    the first delay of an item that is put back. So no caller waits long, and no fault of a
    notification is a fault of its message.
    Cost: for each push that of SendNotification without the read of the message; for each e-mail
    and each notification of a delegate one put.
    Concurrency: each notification has a claim, so that a repeated call sends nothing twice. After a
    crash the caller's item comes again, and the notifications with it, as repeated ones. A caller
    that fails after this call names that in its item: the claims do not tell that the pushes ended.
    """

    def __init__(self, request: RequestNotifications, send: Send) -> None:
        self._request = request
        self._send = send
        self.pace = Pace()

    async def __call__(self, requests: Iterable[NotificationRequested], message: Message) -> None:
        """Send or queue the notifications of the message; raise UnavailableError."""
        requests = [*requests]
        pushes = [one for one in requests if _is_own_push(one) and not self.pace.is_slow]
        # the queue first, so that no push has gone out when the queue is away
        await self._request(one for one in requests if one not in pushes)
        await asyncio.gather(*(self._push(one, message) for one in pushes))

    async def _push(self, request: NotificationRequested, message: Message) -> None:
        try:
            with self.pace.under_way():
                await self._send(request, message)
        except RetryLaterError as error:
            item = error.item if isinstance(error.item, NotificationRequested) else request
            await self._request.later(item)
        except UnavailableError:
            await self._request.later(request)
        except Exception as error:  # noqa: BLE001 - only the notification is queued again
            telemetry.report(error, "notification")
            await self._request([request])


def _is_own_push(request: NotificationRequested) -> bool:
    """Tell whether it is a push to the message's own citizen; others need more reads."""
    return request.channel == "PUSH" and request.delegation_id is None
