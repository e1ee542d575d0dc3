"""Calls about single messages and their lists."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from recapito.decoding import decode, encode
from recapito.models.messages import (
    AcceptedMessage,
    DryRun,
    ListedMessage,
    NewMessage,
    SentMessage,
    Withdrawal,
)
from recapito.transport import Transport

_PATH = "/api/v1/messages"
_LIST = "/api/v1/sent-messages"
_ALL = "history,channels,reference,about,rejection,withdrawal,variants"


class Messages:
    """Send messages to one citizen each, read and withdraw them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, message: NewMessage, *, idempotency_key: str | None = None) -> AcceptedMessage:
        """Send a message; once this returns, it is durable.

        Each call is a new message, however often the client repeats its request. To send a message
        once although your program may call twice, give an `idempotency_key` of your own: the same
        key and message is the same submission for 24 hours.
        """
        answer = self._transport.call(
            "POST",
            _PATH,
            _body(message),
            headers={"Prefer": "include=warnings"},
            keyed=idempotency_key or True,
        )
        return decode(AcceptedMessage, answer)

    def dry_run(self, message: NewMessage) -> DryRun:
        """Check a message without sending it."""
        path = "/api/v1/dry-runs/messages"
        return decode(DryRun, self._transport.call("POST", path, _body(message), repeats=True))

    def read(self, fiscal_code: str, id: str) -> SentMessage:  # noqa: A002 (the API's name)
        """Read a message that was sent, with its status and history."""
        answer = self._transport.call(
            "GET",
            f"{_PATH}/{quote(fiscal_code)}/{quote(id)}",
            headers={"Prefer": f"include={_ALL}"},
        )
        return decode(SentMessage, answer)

    def withdraw(self, fiscal_code: str, id: str, reason: str) -> Withdrawal:  # noqa: A002
        """Withdraw a message; a second withdrawal changes nothing."""
        path = f"{_PATH}/{quote(fiscal_code)}/{quote(id)}/withdrawal"
        answer = self._transport.call("POST", path, {"reason": reason}, repeats=True)
        return decode(Withdrawal, answer)


class SentMessages:
    """List and search what the service sent, and follow its changes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        first: date | None = None,
        last: date | None = None,
        status: str | None = None,
        page_size: int = 500,
    ) -> Iterator[ListedMessage]:
        """Yield the messages that were accepted on these days, the newest first."""
        query = {"from": first, "to": last, "status": status, "page_size": page_size}
        return self._pages("GET", _LIST, encode(query))

    def search(
        self,
        *,
        fiscal_code: str | None = None,
        reference: str | None = None,
        first: date | None = None,
        last: date | None = None,
        status: str | None = None,
        page_size: int = 500,
    ) -> Iterator[ListedMessage]:
        """Yield the messages of a citizen or with a reference, the newest first."""
        body = {
            "fiscal_code": fiscal_code,
            "reference": reference,
            "from": first,
            "to": last,
            "status": status,
            "page_size": page_size,
        }
        return self._pages("POST", f"{_LIST}/search", encode(body))

    def changes(self, cursor: str | None = None, *, since: datetime | None = None) -> "Changes":
        """Yield the messages that changed after a cursor or a time, the earliest change first."""
        return Changes(self._transport, cursor, since)

    def _pages(self, method: str, path: str, asked: dict[str, Any]) -> Iterator[ListedMessage]:
        while True:
            if method == "GET":
                page = self._transport.call(method, path, query=asked)
            else:
                page = self._transport.call(method, path, asked, repeats=True)
            yield from (decode(ListedMessage, one) for one in page["items"])
            if "cursor" not in page:
                return
            asked = {**asked, "cursor": page["cursor"]}


class Changes:
    """The changes until now. `cursor`: where the next call goes on; store it.

    After each message the cursor is that of the page before, so that no change is lost where the
    caller stops in the middle: it may come again.
    """

    def __init__(self, transport: Transport, cursor: str | None, since: datetime | None) -> None:
        self._transport = transport
        self._since = since
        self.cursor = cursor

    def __iter__(self) -> Iterator[ListedMessage]:
        """Yield the changed messages of all pages that there are now."""
        while True:
            query = encode({"cursor": self.cursor, "since": self._since, "page_size": 500})
            page = self._transport.call("GET", f"{_LIST}/changes", query=query)
            yield from (decode(ListedMessage, one) for one in page["items"])
            self.cursor = page["cursor"]
            if not page["more"]:
                return


def _body(message: NewMessage) -> dict[str, Any]:
    content = {
        "subject": message.subject,
        "markdown": message.markdown,
        "due_date": message.due_date,
        "payment_data": message.payment,
        "variants": message.variants,
        "second_language": message.second_language,
        "may_be_translated": message.may_be_translated,
        **message.more_content,
    }
    body = {
        "fiscal_code": message.fiscal_code,
        "reference": message.reference,
        "send_at": message.send_at,
        "about": message.about,
        "attachments": message.attachments,
        "content": content,
        **message.more,
    }
    encoded: dict[str, Any] = encode(body)
    return encoded
