"""GovPay (Java, Jersey): payment notices of hundreds of bodies."""

import json
from typing import Final

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

AGAIN_AT_THE_PROFILE: Final = {429}
AGAIN_AT_THE_MESSAGE: Final = {429, 500}
"""Every other status cancels the notification for good."""


class GovPay(PublicClient):
    """Reads the profile by GET, sends by POST, and keeps DA_SPEDIRE, SPEDITO or ANNULLATA."""

    def send(self, citizen: str) -> Result:
        """Send one notification, as a run of GovPay's batch does."""
        headers = {KEY_HEADER: self._key, "Accept": JSON, "User-Agent": "Swagger-Codegen/1.0.0"}
        profile = self._wire.send("GET", f"/profiles/{citizen.upper()}", headers)
        if not profile.is_success:
            return _failed(profile, AGAIN_AT_THE_PROFILE)
        if not profile.json()["sender_allowed"]:
            return Result(Conclusion.UNWANTED)
        message = {
            "time_to_live": 3600,
            "content": {
                "subject": SUBJECT,
                "markdown": TEXT,
                "payment_data": a_payment(
                    notice_number="301000000000000116", invalid_after_due_date=False
                ),
                "due_date": "2027-06-30T22:00:00.000Z",
            },
            "fiscal_code": citizen.upper(),
        }
        body = json.dumps(message).encode()
        created = self._wire.send("POST", "/messages", {**headers, "Content-Type": JSON}, body)
        if not created.is_success:
            return _failed(created, AGAIN_AT_THE_MESSAGE)
        return Result(Conclusion.SENT, created.json()["id"], created.headers["location"])


def _failed(answer: Answer, again: set[int]) -> Result:
    told = answer.body.decode()
    if answer.status in again:
        return Result(Conclusion.LATER, told=told)
    # GovPay's journal of events tells this refusal from the others
    conclusion = Conclusion.UNKNOWN if answer.status == 404 else Conclusion.GIVEN_UP
    return Result(conclusion, told=told)
