"""Submissions with distinct contents, and a client that sends them to a host that dies."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

from infra.local.sandbox.seed import SENDER_KEY
from lib.domain.shared.identifiers import MessageId
from tests.builders.payments import a_payment
from tests.load.population import fiscal_code

MARKDOWN = "È disponibile l'avviso della tassa sui rifiuti, con scadenza il 30 giugno. " * 2
REPLAYED_AGAIN = 0.05
"""Share of the keyed submissions that are sent again although they were answered."""

_PAUSE, _ANSWER_SECONDS, _PATIENCE_SECONDS = 0.02, 10.0, 60.0
_LOST = (aiohttp.ClientError, ConnectionError, TimeoutError)


@dataclass
class Submission:
    """A message with a title of its own; `id` is set when the answer is 201."""

    number: int
    citizen: str
    content: dict[str, Any]
    key: str | None
    id: str | None = None

    @classmethod
    def make(cls, number: int, citizens: int, rng: random.Random) -> Self:
        """Make a random submission: half have a key, some have payment data, some a due date."""
        content: dict[str, Any] = {
            "subject": f"Avviso della tassa {number:06}",
            "markdown": f"{number:06} {MARKDOWN}",
        }
        if rng.random() < 1 / 3:
            content["payment_data"] = a_payment(
                amount=1000 + number,
                notice_number=f"3{number:017}",
                invalid_after_due_date=False,
                payee={"fiscal_code": "01234567890"},
            )
        if rng.random() < 1 / 3:
            content["due_date"] = f"2027-06-30T21:59:59.{number % 1000:03}Z"
        # one citizen gets so much that the inbox has pages
        citizen = 0 if rng.random() < 1 / 10 else rng.randrange(citizens)
        key = f"key-{number}" if rng.random() < 1 / 2 else None
        return cls(number, fiscal_code(citizen), content, key)

    @property
    def title(self) -> str:
        """The subject, by which a submission is recognised."""
        return str(self.content["subject"])


@dataclass
class Sender:
    """A PA's client: sends a submission with a key until it is answered, others once."""

    host: Any
    session: aiohttp.ClientSession
    rng: random.Random
    answered: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    async def send(self, submission: Submission) -> None:
        """Send the submission as often as its client may."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while submission.id is None:
            assert time.monotonic() < end, "no answer for too long"
            outcome = await self._once(submission)
            self.counts[outcome] += 1
            if outcome == "201":
                break
            if submission.key is None and outcome != "refused":
                self.counts["abandoned"] += 1
                break
            await asyncio.sleep(_PAUSE)
        self.answered += 1
        if submission.key and self.rng.random() < REPLAYED_AGAIN:
            self.counts["again"] += await self._once(submission) == "201"

    async def _once(self, submission: Submission) -> str:
        headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
        if submission.key:
            headers["Idempotency-Key"] = submission.key
        try:
            async with self.session.post(
                f"{self.host.url}/api/v1/messages",
                json={"fiscal_code": submission.citizen, "content": submission.content},
                headers=headers,
                timeout=aiohttp.ClientTimeout(_ANSWER_SECONDS),
            ) as response:
                body = await response.json(content_type=None)
                if response.status != 201:
                    assert response.status == 429, (response.status, body)
                    return "429"
        except aiohttp.ClientConnectorError:
            return "refused"  # nothing was sent, so that even a client without keys may try again
        except _LOST:
            return "lost"
        assert submission.id in {None, body["id"]}, "two answers name two messages"
        submission.id = body["id"]
        if response.headers.get("Idempotent-Replay"):
            self.counts["replays"] += 1
        return "201"


class Inbox:
    """The citizens' app."""

    def __init__(self, host: Any, session: aiohttp.ClientSession) -> None:
        self._host, self._session = host, session
        self._tokens: dict[str, str] = {}

    async def page(self, citizen: str, **query: str) -> dict[str, Any]:
        """Return a page of messages with all fields."""
        shown = {"enrich_result_data": "true", "page_size": "100", **query}
        return await self._get(citizen, "", shown)

    async def whole(self, citizen: str) -> list[dict[str, Any]]:
        """Return all messages of the citizen, page by page."""
        page = await self.page(citizen)
        items: list[dict[str, Any]] = page["items"]
        while "next" in page:
            page = await self.page(citizen, maximum_id=page["next"])
            items += page["items"]
        return items

    async def open(self, citizen: str, id_: MessageId) -> dict[str, Any]:
        """Open one message."""
        return await self._get(citizen, f"/{id_}", {})

    async def _get(self, citizen: str, path: str, query: dict[str, str]) -> dict[str, Any]:
        if citizen not in self._tokens:
            async with self._session.post(
                f"{self._host.url}/sandbox/token", json={"fiscal_code": citizen}
            ) as response:
                self._tokens[citizen] = (await response.json())["token"]
        async with self._session.get(
            f"{self._host.url}/api/communication/v1/messages{path}",
            params=query,
            headers={"Authorization": f"Bearer {self._tokens[citizen]}"},
            timeout=aiohttp.ClientTimeout(_ANSWER_SECONDS),
        ) as response:
            assert response.status == 200, (path and "open", response.status)
            answer: dict[str, Any] = await response.json()
            return answer


SHOWN = {
    "id",
    "fiscal_code",
    "created_at",
    "sender_service_id",
    "time_to_live",
    "service_name",
    "organization_name",
    "organization_fiscal_code",
    "message_title",
    "is_read",
    "is_archived",
    "category",
    "has_attachments",
    "has_precondition",
}
"""The fields of every listed message; only some messages have a deadline or a payment."""


def assert_whole(item: dict[str, Any], submission: Submission) -> None:
    """Fail unless the listed message has all that was sent."""
    content = submission.content
    payment = content.get("payment_data", {})
    asked = {"amount", "payment_status"} if payment else set()
    assert item.keys() == SHOWN | ({"due_date"} & content.keys()) | asked, item
    assert item["fiscal_code"] == submission.citizen
    assert item["message_title"] == submission.title
    assert item["category"]["tag"] == ("PAYMENT" if payment else "GENERIC")
    assert item.get("due_date") == content.get("due_date")
    assert item.get("amount") == payment.get("amount")
    assert item.get("payment_status") == ("NOT_PAID" if payment else None)
