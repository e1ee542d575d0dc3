"""uniTicket (Python, requests): the help desk of the University of Calabria."""

import json
from typing import Any

from tests.journeys.clients.wire import (
    KEY_HEADER,
    SUBJECT,
    TEXT,
    Answer,
    Conclusion,
    PublicClient,
    Result,
)


class UniTicket(PublicClient):
    """Sends JSON without a content type, and decodes the body of every answer.

    A refusal to send must have a `detail`: without one the client adds a number to a text, which
    Python refuses.
    """

    def send(self, citizen: str) -> Result:
        """Tell a student about a ticket."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        found = profile.json()
        if profile.status != 200:
            return Result(Conclusion.NOT_SENT, told=found.get("detail", profile.status))
        if not found.get("sender_allowed", 0):
            return Result(Conclusion.UNWANTED)
        content = {"subject": SUBJECT, "markdown": TEXT}
        created = self._post("/messages", {"fiscal_code": citizen, "content": content})
        if created.status == 201:
            return Result(Conclusion.SENT, created.json()["id"])
        told = created.json().get("detail", created.status)
        return Result(Conclusion.NOT_SENT, told="error: " + told)

    def _post(self, path: str, body: Any) -> Answer:
        headers = {
            "User-Agent": "python-requests/2.31.0",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
            KEY_HEADER: self._key,
        }
        return self._wire.send("POST", path, headers, json.dumps(body).encode())
