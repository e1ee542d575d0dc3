"""SEND's connector to IO (Java, WebClient): messages about notices of legal value."""

import json
from typing import Any, Final

from tests import io_contract
from tests.builders.payments import a_payment
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

DELIVERED: Final = "DELIVERED"
FAILED: Final = "IO_DELIVERY_FAILED"


class Send(PublicClient):
    """Sends ADVANCED messages from a queue; an unexpected refusal gives the item back to it.

    It polls for days: the status, then whether the message was read, and paid.
    """

    def send(self, citizen: str) -> Result:
        """Process one item of the queue."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if profile.status == 404:
            return Result(Conclusion.UNKNOWN)
        if not profile.is_success:
            return Result(Conclusion.LATER, told=str(profile.status))
        if profile.json()["sender_allowed"] is False:
            return Result(Conclusion.UNWANTED)
        payment = a_payment(
            notice_number="301000000000000318",
            invalid_after_due_date=True,
            payee={"fiscal_code": "01234567890"},
        )
        content = {"subject": SUBJECT, "markdown": TEXT, "payment_data": payment}
        content["due_date"] = "2027-06-30T23:59:59Z"
        body = {"fiscal_code": citizen, "content": content, "feature_level_type": "ADVANCED"}
        created = self._post("/messages", body)
        if not created.is_success:
            return Result(Conclusion.LATER, told=str(created.status))
        return Result(Conclusion.SENT, created.json()["id"])

    def status(self, citizen: str, id_: str) -> str | None:
        """Return what the connector's poll reached; None while it has to poll on."""
        answer = self._wire.send("GET", f"/messages/{citizen}/{id_}", self._headers)
        assert answer.status == 200, answer
        found = io_contract.MessageAnswer.model_validate_json(answer.body)
        if found.status in {"FAILED", "REJECTED"}:
            return FAILED
        is_seen = found.read_status == "READ" or found.payment_status == "PAID"
        return DELIVERED if found.status == "PROCESSED" or is_seen else None

    @property
    def _headers(self) -> dict[str, str]:
        return {KEY_HEADER: self._key, "Accept": JSON, "User-Agent": "ReactorNetty/1.1.22"}

    def _post(self, path: str, body: Any) -> Answer:
        headers = {**self._headers, "Content-Type": JSON}
        return self._wire.send("POST", path, headers, json.dumps(body).encode())
