"""Three public clients in Java on Spring: Feign, RestTemplate, WebClient."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

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

STATUSES: Final = {"ACCEPTED", "THROTTLED", "FAILED", "PROCESSED", "REJECTED"}
CONTENT: Final = {"subject": SUBJECT, "markdown": TEXT}


class ParloIo(PublicClient):
    """parlo_io of the Comune di Canistro (Feign) writes to all its citizens in turn.

    A refusal is logged, and the next citizen comes.
    """

    def send(self, citizen: str) -> Result:
        """Write to one citizen; the client counts those with a 201."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if not profile.is_success:
            return Result(Conclusion.NOT_SENT, told=f"[{profile.status}] {profile.body.decode()}")
        if not profile.json()["sender_allowed"]:
            return Result(Conclusion.UNWANTED)
        created = self._post(f"/messages/{citizen}", {"time_to_live": 3600, "content": CONTENT})
        if created.status != 201:
            return Result(Conclusion.NOT_SENT, told=f"[{created.status}] {created.body.decode()}")
        return Result(Conclusion.SENT, created.json()["id"])

    def _post(self, path: str, body: Any) -> Answer:
        headers = {"Accept": "*/*", "Content-Type": JSON, KEY_HEADER: self._key}
        return self._wire.send("POST", path, headers, json.dumps(body).encode())


class RestTemplate(PublicClient):
    """An example of its authors reads the profile by GET.

    A refusal of it, but for 400, means that the citizen cannot be reached.
    """

    def send(self, citizen: str) -> Result:
        """Ask, and send."""
        profile = self._wire.send("GET", f"/profiles/{citizen}", self._headers)
        if profile.status == 400 or profile.status >= 500:
            return Result(Conclusion.GIVEN_UP, told=str(profile.status))
        if profile.status != 200 or not profile.json()["sender_allowed"]:
            return Result(Conclusion.NOT_SENT)
        message = {"content": CONTENT, "fiscal_code": citizen}
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
    def _headers(self) -> Mapping[str, str]:
        accepted = f"{JSON}, application/*+json"
        return {KEY_HEADER: self._key, "Accept": accepted, "User-Agent": "Java/11.0.22"}


class Gateway(PublicClient):
    """A gateway of a software house (WebClient) keeps a record of each refusal.

    The record has the `title`, so each refusal must be JSON and have one.
    """

    def send(self, citizen: str) -> Result:
        """Ask, and send to the path of the citizen."""
        headers = {KEY_HEADER: self._key, "Accept": JSON, "User-Agent": "ReactorNetty/1.0.9"}
        profile = self._wire.send("GET", f"/profiles/{citizen}", headers)
        if not profile.is_success:
            return Result(Conclusion.GIVEN_UP, told=profile.json()["title"])
        if not profile.json()["sender_allowed"]:
            return Result(Conclusion.UNWANTED)
        body = json.dumps({"time_to_live": 3600, "content": CONTENT}).encode()
        headers["Content-Type"] = JSON
        created = self._wire.send("POST", f"/messages/{citizen}", headers, body)
        if not created.is_success:
            return Result(Conclusion.GIVEN_UP, told=created.json()["title"])
        return Result(Conclusion.SENT, created.json()["id"])
