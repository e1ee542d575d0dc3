"""IO_API_SDK (C#, HttpClient of the .NET Framework)."""

import json
from typing import Any

from tests.journeys.clients.wire import (
    JSON,
    KEY_HEADER,
    SUBJECT,
    TEXT,
    Answer,
    Conclusion,
    PublicClient,
    Result,
)


class DotNet(PublicClient):
    """Names the charset of its bodies, and waits for 100 Continue before it sends one.

    Every refusal of the question means that the citizen cannot be reached.
    """

    def send(self, citizen: str) -> Result:
        """Ask, and send to the path of the citizen."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if not profile.is_success or profile.json()["sender_allowed"] is not True:
            return Result(Conclusion.NOT_SENT)
        # members that were not set are null
        message = {
            "time_to_live": None,
            "feature_level_type": None,
            "content": {"subject": SUBJECT, "markdown": TEXT},
        }
        created = self._post(f"/messages/{citizen}", message)
        if not created.is_success:
            return Result(Conclusion.GIVEN_UP, told=str(created.status))
        return Result(Conclusion.SENT, created.json()["id"])

    def _post(self, path: str, body: Any) -> Answer:
        headers = {
            "User-Agent": ".NET IO API Client",
            KEY_HEADER: self._key,
            "Accept": JSON,
            "Content-Type": f"{JSON}; charset=utf-8",
        }
        content = json.dumps(body).encode()
        return self._wire.send("POST", path, headers, content, waits_for_continue=True)
