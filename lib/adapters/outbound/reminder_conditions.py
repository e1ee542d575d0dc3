"""Senders' conditions over HTTP: `GET {url}`, answered with `{"send": true}` or false.

The facts about the reminder are sent in headers, since the URL may be signed and must not change.
"""

from typing import Any, Final

import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.ports.errors import UnavailableError
from lib.ports.senders.reminder_conditions import DueReminder

MESSAGE_ID: Final = "Recapito-Message-Id"
STEP: Final = "Recapito-Reminder-Step"
_OK: Final = 200


class HTTPReminderConditions:
    """The client of senders' conditions, which calls their URLs through the guard."""

    def __init__(self, http: GuardedHTTP) -> None:
        self._http = http

    async def allows(self, url: str, reminder: DueReminder) -> bool:
        """Return whether the sender wants the reminder to be sent; see lib.ports."""
        status, body = await self._http.get(
            url,
            {"Accept": "application/json", MESSAGE_ID: reminder.message_id, STEP: reminder.step},
        )
        if status != _OK:
            raise UnavailableError(f"a reminder's condition answered {status}")
        answer = _answer(body)
        if not isinstance(answer, bool):
            raise UnavailableError("a reminder's condition answered neither true nor false")
        return answer

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()


def _answer(body: bytes) -> Any:
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return members.get("send") if isinstance(members, dict) else None
