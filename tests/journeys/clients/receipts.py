"""pagoPA's notifier of receipts (Java, a client that openapi-generator made: okhttp and Gson)."""

import json
from typing import Any

from pydantic import BaseModel

from tests import io_contract
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


class Receipts(PublicClient):
    """Fails on a member that the contract does not have; every failure is tried five times."""

    def send(self, citizen: str) -> Result:
        """Tell a payer about a receipt."""
        profile = self._post("/profiles", {"fiscal_code": citizen})
        if profile.status != 200:
            return Result(Conclusion.LATER, told=profile.body.decode())
        if not _strict(io_contract.LimitedProfile, profile).sender_allowed:
            return Result(Conclusion.UNWANTED)
        message = {
            "time_to_live": 3600,
            "feature_level_type": "STANDARD",
            "content": {"subject": SUBJECT, "markdown": TEXT},
            "fiscal_code": citizen,
        }
        created = self._post("/messages", message)
        if created.status != 201:
            return Result(Conclusion.LATER, told=created.body.decode())
        return Result(Conclusion.SENT, _strict(io_contract.Created, created).id)

    def _post(self, path: str, body: Any) -> Answer:
        headers = {
            KEY_HEADER: self._key,
            "Accept": JSON,
            "Content-Type": f"{JSON}; charset=utf-8",
            "User-Agent": "OpenAPI-Generator/1.0.0/java",
            "Accept-Encoding": "gzip",
            "Connection": "Keep-Alive",
        }
        return self._wire.send("POST", path, headers, json.dumps(body).encode())


def _strict[M: BaseModel](model: type[M], answer: Answer) -> M:
    return model.model_validate_json(answer.body)
