"""Register devices at Azure Notification Hubs and send notifications, over REST.

No notification is sent twice: the client does not repeat a call that the hub may have received.
aiohttp may repeat a registration.
"""

import asyncio
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import orjson

from lib.adapters.outbound.hub_installation import described, tag_of
from lib.adapters.outbound.hub_token import HubAddress, HubTokens
from lib.ports.errors import UnavailableError
from lib.ports.push import PushNotification, PushRegistration
from lib.ports.send_errors import NotSentError, RefusedError

API_VERSION: Final = "2020-06"
"""The version of all calls of Microsoft's own clients, among them those that know browsers."""
CONNECTIONS: Final = 64
IDLE_SECONDS: Final = 15
"""The life of an idle connection, shorter than the hub's.

If the hub closes a connection during a send, the outcome of the notification is unknown.
"""
CONNECT_SECONDS: Final = 3
ANSWER_SECONDS: Final = 10

_DEFERRED: Final = frozenset({401, 403, 404, 429})
"""Refusals for reasons that can change: the key, the quota, a missing hub, the rate."""
_IN_DOUBT: Final = frozenset({408})


class NotificationHub:
    """The client of one hub, whose session opens on first use."""

    def __init__(self, address: HubAddress, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._url = address.url
        self._tokens = HubTokens(address)
        self._session: aiohttp.ClientSession | None = None
        self._answer_seconds = answer_seconds

    async def send(self, notification: PushNotification) -> None:
        """Send a notification; see lib.ports.push. Without an answer, the outcome is unknown."""
        values = {
            "title": notification.title,
            "message": notification.body,
            "message_id": notification.message_id,
        }
        delegation_id = notification.delegation_id
        if delegation_id is not None:
            values["delegation_id"] = delegation_id
        status, wait = await self._call(
            "POST",
            "messages/",
            values,
            {
                "ServiceBusNotification-Format": "template",
                "ServiceBusNotification-Tags": " || ".join(
                    tag_of(recipient, delegated=delegation_id is not None)
                    for recipient in notification.recipients
                ),
            },
        )
        if status in {HTTPStatus.OK, HTTPStatus.CREATED}:
            return
        declined = status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None
        if status in _DEFERRED or declined:
            raise NotSentError(_answered(status), retry_after=wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _IN_DOUBT:
            raise UnavailableError(_answered(status), retry_after=wait)
        raise RefusedError(_answered(status))

    async def register(self, installation: PushRegistration) -> None:
        """Create or overwrite a device, with the tag of its owner's notifications."""
        status, wait = await self._call(
            "PUT",
            f"installations/{installation.id}",
            described(installation),
        )
        if status == HTTPStatus.BAD_REQUEST:
            raise RefusedError(_answered(status))
        _check(status, wait)

    async def remove(self, installation_id: str) -> None:
        """Delete a device; the hub gives the same answer for an unknown device."""
        _check(*await self._call("DELETE", f"installations/{installation_id}"))

    async def close(self) -> None:
        """Close the session; a later call opens another session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, float | None]:
        """Return status and Retry-After, without the text of the answer.

        Raise NotSentError if the hub cannot have received the request, else UnavailableError. The
        errors do not repeat the text of the cause.
        """
        try:
            async with (
                asyncio.timeout(CONNECT_SECONDS + self._answer_seconds),
                self._opened().request(
                    method,
                    f"{self._url}/{path}",
                    params={"api-version": API_VERSION},
                    data=None if body is None else orjson.dumps(body),
                    headers={
                        "Authorization": self._tokens.current(),
                        "Content-Type": "application/json;charset=utf-8",
                        "x-ms-version": API_VERSION,
                        **(headers or {}),
                    },
                    allow_redirects=False,
                ) as answer,
            ):
                return answer.status, _seconds(answer.headers.get("Retry-After"))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"notification hub: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(f"notification hub: {type(error).__name__}") from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS, ttl_dns_cache=60
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
            )
        return self._session


def _check(status: int, wait: float | None) -> None:
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise UnavailableError(_answered(status), retry_after=wait)


def _answered(status: int) -> str:
    return f"notification hub: answered {status}"


def _seconds(retry_after: str | None) -> float | None:
    try:
        return None if retry_after is None else float(retry_after)
    except ValueError:
        return None
