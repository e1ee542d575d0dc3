"""A public client in Java on Spring's RestTemplate, which its authors offer as an example."""

import json
from datetime import datetime
from typing import Final

from tests.journeys.clients.wire import (
    JSON,
    KEY_HEADER,
    SUBJECT,
    TEXT,
    Conclusion,
    PublicClient,
    Result,
)

STATUSES: Final = {"ACCEPTED", "THROTTLED", "FAILED", "PROCESSED", "REJECTED"}


class RestTemplate(PublicClient):
    """Reads the profile by GET; a refusal but 400 means that the citizen cannot be reached."""

    def send(self, citizen: str) -> Result:
        """Ask, and send."""
        profile = self._wire.send("GET", f"/profiles/{citizen}", self._headers)
        if profile.status == 400 or profile.status >= 500:
            return Result(Conclusion.GIVEN_UP, told=str(profile.status))
        if profile.status != 200 or not profile.json()["sender_allowed"]:
            return Result(Conclusion.NOT_SENT)
        message = {"content": {"subject": SUBJECT, "markdown": TEXT}, "fiscal_code": citizen}
        headers = {**self._headers, "Content-Type": JSON}
        created = self._wire.send("POST", "/messages", headers, json.dumps(message).encode())
        if created.status != 201:
            return Result(Conclusion.GIVEN_UP, told=str(created.status))
        return Result(Conclusion.SENT, created.json()["id"])

    def status(self, citizen: str, id_: str) -> str:
        """Return the status; the client maps it, and the date, to types of its own."""
        answer = self._wire.send("GET", f"/messages/{citizen}/{id_}", self._headers)
        assert answer.status == 200, answer
        found = answer.json()
        assert datetime.fromisoformat(found["message"]["created_at"]).tzinfo is not None
        assert found["status"] in STATUSES
        return str(found["status"])

    @property
    def _headers(self) -> dict[str, str]:
        accepted = f"{JSON}, application/*+json"
        return {KEY_HEADER: self._key, "Accept": accepted, "User-Agent": "Java/11.0.22"}
