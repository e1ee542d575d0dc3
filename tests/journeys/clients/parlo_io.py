"""parlo_io of the Comune di Canistro (Java, Feign)."""

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


class ParloIo(PublicClient):
    """Writes to all its citizens in turn; a refusal is logged, and the next citizen comes."""

    def send(self, citizen: str) -> Result:
        """Write to one citizen; the client counts those with a 201."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if not profile.is_success:
            return Result(Conclusion.NOT_SENT, told=f"[{profile.status}] {profile.body.decode()}")
        if not profile.json()["sender_allowed"]:
            return Result(Conclusion.UNWANTED)
        message = {"time_to_live": 3600, "content": {"subject": SUBJECT, "markdown": TEXT}}
        created = self._post(f"/messages/{citizen}", message)
        if created.status != 201:
            return Result(Conclusion.NOT_SENT, told=f"[{created.status}] {created.body.decode()}")
        return Result(Conclusion.SENT, created.json()["id"])

    def _post(self, path: str, body: Any) -> Answer:
        headers = {"Accept": "*/*", "Content-Type": JSON, KEY_HEADER: self._key}
        return self._wire.send("POST", path, headers, json.dumps(body).encode())
