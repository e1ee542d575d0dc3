"""GovIO (Java, Spring's RestTemplate with a plain Jackson mapper): batches of messages."""

import json
from typing import Any, Final

from pydantic import BaseModel

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

CONCLUSIONS: Final = {
    400: Conclusion.GIVEN_UP,
    401: Conclusion.GIVEN_UP,
    403: Conclusion.GIVEN_UP,
    404: Conclusion.UNKNOWN,
    429: Conclusion.LATER,
}
"""BAD_REQUEST, DENIED, FORBIDDEN, PROFILE_NOT_EXISTS, SCHEDULED. Another status stops the batch."""
STATUSES: Final = {"ACCEPTED", "THROTTLED", "FAILED", "PROCESSED", "REJECTED"}


class GovIO(PublicClient):
    """Asks by POST, sends without null members, and polls until the message is PROCESSED.

    Its mapper fails on a member that IO's contract does not have.
    """

    def send(self, citizen: str) -> Result:
        """Process one message of a batch."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if not profile.is_success:
            return _failed(profile)
        found = _strict(io_contract.LimitedProfile, profile)
        if not found.sender_allowed:
            return Result(Conclusion.UNWANTED)
        created = self._post(
            "/messages",
            {
                "fiscal_code": citizen,
                "default_addresses": {"email": "cittadino@example.org"},
                "content": {
                    "subject": SUBJECT,
                    "markdown": TEXT,
                    "due_date": "2027-06-30T22:00:00Z",
                    "payment_data": a_payment(
                        notice_number="301000000000000217",
                        invalid_after_due_date=True,
                        payee={"fiscal_code": "01234567890"},
                    ),
                },
            },
        )
        if not created.is_success:
            return _failed(created)
        return Result(Conclusion.SENT, _strict(io_contract.Created, created).id)

    def status(self, citizen: str, id_: str) -> str:
        """Return the status; fail where it is not a constant of the client's enumeration."""
        answer = self._wire.send("GET", f"/messages/{citizen}/{id_}", self._headers)
        assert answer.status == 200, answer
        status: str = _strict(io_contract.MessageAnswer, answer).status
        assert status in STATUSES
        return status

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept": JSON, KEY_HEADER: self._key, "User-Agent": "Java-SDK"}

    def _post(self, path: str, body: Any) -> Answer:
        headers = {**self._headers, "Content-Type": JSON}
        return self._wire.send("POST", path, headers, json.dumps(body).encode())


def _strict[M: BaseModel](model: type[M], answer: Answer) -> M:
    return model.model_validate_json(answer.body)


def _failed(answer: Answer) -> Result:
    if answer.status == 429:
        # Integer.parseInt takes no date and no fraction
        assert int(answer.headers["retry-after"]) > 0
    return Result(CONCLUSIONS[answer.status])
