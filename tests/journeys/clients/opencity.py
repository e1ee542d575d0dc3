"""OpenCity's Stanza del cittadino (PHP, Guzzle): applications to municipalities."""

import json
from typing import Any

from tests.journeys.clients.wire import JSON, KEY_HEADER, SUBJECT, TEXT, PublicClient, Result
from tests.journeys.clients.wire import Conclusion as Is


class OpenCity(PublicClient):
    """Does not look at the status: an answer with `detail` or `message` is a refusal.

    So an answer of success must have neither, and a refusal must have one of them.
    """

    def send(self, citizen: str) -> Result:
        """Tell a citizen about an application."""
        headers = {"User-Agent": "GuzzleHttp/7", "Content-Type": JSON, KEY_HEADER: self._key}
        profile = self._wire.send("GET", f"/profiles/{citizen.upper()}", headers).json()
        if (told := _told(profile)) is not None:
            return Result(Is.NOT_SENT, told=told)
        if not profile["sender_allowed"]:
            return Result(Is.UNWANTED)
        content = {"subject": SUBJECT, "markdown": TEXT}
        body = json.dumps({"content": content, "fiscal_code": citizen.upper()}).encode()
        created = self._wire.send("POST", "/messages", headers, body).json()
        if (told := _told(created)) is not None:
            return Result(Is.NOT_SENT, told=told)
        return Result(Is.SENT, created["id"])


def _told(answer: dict[str, Any]) -> str | None:
    told: str | None = answer.get("detail", answer.get("message"))
    return told
