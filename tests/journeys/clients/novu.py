"""Novu's provider for IO (TypeScript, axios)."""

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


class Novu(PublicClient):
    """Throws at every status that is not one of success; `sender_allowed` must be `true` itself."""

    def send(self, citizen: str) -> Result:
        """Deliver one notification of a workflow."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if not profile.is_success:
            return Result(
                Conclusion.GIVEN_UP, told=f"Request failed with status code {profile.status}"
            )
        if profile.json()["sender_allowed"] is not True:
            return Result(Conclusion.UNWANTED)
        content = {"subject": SUBJECT, "markdown": TEXT}
        created = self._post("/messages", {"fiscal_code": citizen, "content": content})
        if not created.is_success:
            return Result(
                Conclusion.GIVEN_UP, told=f"Request failed with status code {created.status}"
            )
        return Result(Conclusion.SENT, created.json()["id"])

    def _post(self, path: str, body: Any) -> Answer:
        headers = {
            "Accept": f"{JSON}, text/plain, */*",
            "Content-Type": JSON,
            KEY_HEADER: self._key,
            "User-Agent": "axios/1.6.8",
            "Accept-Encoding": "gzip, compress, deflate, br",
        }
        return self._wire.send("POST", path, headers, json.dumps(body).encode())
