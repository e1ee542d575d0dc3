"""Calls that meet every declared answer about certificates."""

from typing import Any, Final

from infra.local.sandbox.seed import OPERATOR_KEY, SERVICE_ID
from lib.domain.certificates.certificate_request import MOST_IN_A_DAY
from lib.domain.certificates.offer import MOST_OFFERS
from tests.functions.certificates.certificate_calls import NAME, OFFER, REFUSAL, VALUES
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import Journeys

OFFERS: Final = "/api/v1/certificates"
REQUESTS: Final = "/api/v1/certificate-requests"
OFFERED: Final = "/api/communication/v1/certificates"
OWN: Final = "/api/communication/v1/certificate-requests"
CHANGES: Final = "/api/v1/certificate-request-changes"
BODY: Final[dict[str, Any]] = {"service_id": SERVICE_ID, "certificate": NAME, "values": VALUES}
FULFILMENT: Final = {**REFUSAL, "outcome": "FULFILLED", "attachments": [NOWHERE]}
_TOO_LONG: Final[dict[str, Any]] = {"json": {"padding": " " * 300_000}}
_PACKED: Final[dict[str, Any]] = {"data": b"x", "headers": PACKED}


def certificates(journeys: Journeys) -> None:
    """Meet every answer to a service that offers certificates, and to citizens who ask."""
    one = f"{OFFERS}/{NAME}"
    _as_service(journeys, 200, "PUT", one, json=OFFER)
    _refusals(journeys, one)
    citizen = journeys.new_citizen()
    token = journeys.token(citizen)
    made = _as_citizen(journeys, 201, "POST", OWN, token, json=BODY)
    asked = f"{REQUESTS}/{made['id']}"
    _as_citizen(journeys, 409, "POST", OWN, token, json={**BODY, "values": {"motivo": "Altro"}})
    for status, method, where, body in (
        (200, "GET", f"{OFFERED}/{SERVICE_ID}", None),
        (400, "GET", f"{OFFERED}/a.b", None),
        (200, "GET", OWN, None),
        (400, "GET", f"{OWN}?x=1", None),
        (400, "POST", OWN, {**BODY, "values": {}}),
        (404, "POST", OWN, {**BODY, "certificate": "nascita"}),
        (413, "POST", OWN, {"padding": " " * 70_000}),
        (400, "DELETE", f"{OWN}/x", None),
        (404, "DELETE", f"{OWN}/{NOWHERE}", None),
    ):
        _as_citizen(journeys, status, method, where, token, json=body)
    _as_citizen(journeys, 415, "POST", OWN, token, **_PACKED)
    for method, where in (
        ("GET", f"{OFFERED}/{SERVICE_ID}"),
        ("GET", OWN),
        ("POST", OWN),
        ("DELETE", f"{OWN}/{NOWHERE}"),
    ):
        _as_citizen(journeys, 401, method, where, "x")
    answers = f"{asked}/answer"
    _as_service(journeys, 200, "GET", asked)
    _as_service(journeys, 404, "POST", answers, json=FULFILMENT)
    _as_service(journeys, 200, "POST", answers, json=REFUSAL)
    _as_service(journeys, 409, "POST", answers, json=FULFILMENT)
    _as_citizen(journeys, 409, "DELETE", f"{OWN}/{made['id']}", token)
    for _ in range(MOST_IN_A_DAY - 1):
        again = _as_citizen(journeys, 201, "POST", OWN, token, json=BODY)
        _as_citizen(journeys, 200, "DELETE", f"{OWN}/{again['id']}", token)
    _as_citizen(journeys, 429, "POST", OWN, token, json=BODY)
    _as_service(journeys, 204, "DELETE", one)
    _many(journeys)


def _refusals(journeys: Journeys, one: str) -> None:
    """Meet the refusals that need no request."""
    nowhere = f"{REQUESTS}/{NOWHERE}"
    calls: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
        (200, "GET", OFFERS, {}),
        (400, "GET", f"{OFFERS}?x=1", {}),
        (400, "PUT", one, {"json": {}}),
        (413, "PUT", one, _TOO_LONG),
        (415, "PUT", one, _PACKED),
        (400, "DELETE", f"{OFFERS}/A_B", {}),
        (404, "DELETE", f"{OFFERS}/none", {}),
        (200, "GET", REQUESTS, {}),
        (400, "GET", f"{REQUESTS}?x=1", {}),
        (200, "GET", CHANGES, {}),
        (400, "GET", f"{CHANGES}?since=x", {}),
        (400, "GET", f"{REQUESTS}/x", {}),
        (404, "GET", nowhere, {}),
        (400, "POST", f"{nowhere}/answer", {"json": {}}),
        (404, "POST", f"{nowhere}/answer", {"json": REFUSAL}),
        (413, "POST", f"{nowhere}/answer", _TOO_LONG),
        (415, "POST", f"{nowhere}/answer", _PACKED),
    )
    for status, method, where, more in calls:
        _as_service(journeys, status, method, where, **more)
    for method, where in (
        ("GET", OFFERS),
        ("PUT", one),
        ("DELETE", one),
        ("GET", REQUESTS),
        ("GET", CHANGES),
        ("GET", nowhere),
        ("POST", f"{nowhere}/answer"),
    ):
        for status, key in ((403, OPERATOR_KEY), (401, "unknown")):
            _as_service(journeys, status, method, where, key=key)


def _many(journeys: Journeys) -> None:
    """Offer as many certificates as a service may, and one more."""
    names = [f"atto-{number}" for number in range(MOST_OFFERS)]
    for name in names:
        _as_service(journeys, 200, "PUT", f"{OFFERS}/{name}", json=OFFER)
    _as_service(journeys, 400, "PUT", f"{OFFERS}/{NAME}", json=OFFER)
    for name in names:
        _as_service(journeys, 204, "DELETE", f"{OFFERS}/{name}")


def _as_service(journeys: Journeys, status: int, method: str, where: str, **more: Any) -> None:
    answer = journeys.as_sender(method, where, **more)
    assert answer.status_code == status, f"{method} {where}: {answer.text}"


def _as_citizen(
    journeys: Journeys, status: int, method: str, where: str, token: str, **more: Any
) -> Any:
    answer = journeys.as_citizen(method, where, token=token, **more)
    assert answer.status_code == status, f"{method} {where}: {answer.text}"
    return answer.json()
