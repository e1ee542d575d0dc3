"""Calls that meet every declared answer about services: managed, reviewed, and their logos."""

from typing import Any, Final

from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, SENDER_KEY
from tests.builders.managed_services import PNG, a_service
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import Journeys

SERVICES: Final = "/api/v1/manage/services"
LOGOS: Final = "/api/v1/logos/services"
REVIEWS: Final = "/api/operations/v1/service-reviews"
SERVICE: Final = a_service(name="Prestito della biblioteca")
REASON: Final = {"reason": "The privacy notice is of another service."}

OF_A_SERVICE: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "", None),
    ("PUT", "", SERVICE),
    ("PATCH", "", {"metadata": {"group_id": "biblioteca"}}),
    ("DELETE", "", None),
    ("PUT", "/logo", {"logo": PNG}),
    ("GET", "/history", None),
    ("GET", "/keys", None),
    ("PUT", "/keys/secondary", None),
    ("PUT", "/review", {"auto_publish": False}),
    ("PATCH", "/review", {"comment": "Il servizio parte a gennaio."}),
    ("POST", "/release", None),
    ("GET", "/release", None),
    ("DELETE", "/release", None),
    ("GET", "/reminder-policy", None),
    ("PUT", "/reminder-policy", {}),
    ("GET", "/duplicate-policy", None),
    ("PUT", "/duplicate-policy", {"policy": "ACCEPT"}),
    ("GET", "/second-language", None),
    ("PUT", "/second-language", {}),
)
"""Each operation on a service, with a body that it accepts."""
DECISIONS: Final[tuple[tuple[str, Any, Any], ...]] = (
    ("approval", {}, {"version": 0}),
    ("rejection", REASON, {}),
)
"""Each decision on a service, with a body that it accepts, and one that it refuses."""


def services(journeys: Journeys) -> None:
    """Meet every answer about services; the service of these calls is deleted in the end."""
    _without_key(journeys)
    _meet(journeys, "GET", SERVICES, 200)
    _meet(journeys, "GET", f"{SERVICES}?limit=0", 400)
    _meet(journeys, "GET", SERVICES, 403, key=SENDER_KEY)
    _meet(journeys, "GET", f"{SERVICES}/topics", 200)
    _meet(journeys, "GET", f"{SERVICES}/topics", 403, key=OPERATOR_KEY)
    _meet(journeys, "POST", SERVICES, 403, SERVICE, key=SENDER_KEY)
    _refused_body(journeys, "POST", SERVICES, {})
    for method, ending, body in OF_A_SERVICE:
        path = f"{SERVICES}/{NOWHERE}{ending}"
        _meet(journeys, method, path, 403, body, key=SENDER_KEY)
        _meet(journeys, method, path, 404, body)

    once: Any = {"headers": {"Idempotency-Key": "library"}}
    id_ = str(_meet(journeys, "POST", SERVICES, 201, SERVICE, **once)["id"])
    assert _meet(journeys, "POST", SERVICES, 201, SERVICE, **once)["id"] == id_
    _meet(journeys, "POST", SERVICES, 422, {**SERVICE, "name": "Un altro"}, **once)
    one = f"{SERVICES}/{id_}"
    _draft(journeys, one)
    _logo(journeys, one, id_)
    _reviews(journeys, one, id_)
    _meet(journeys, "DELETE", one, 204)


def _without_key(journeys: Journeys) -> None:
    """Call every endpoint without a key, which does not count as a guess of a key."""
    for method, path, body in (
        ("GET", SERVICES, None),
        ("POST", SERVICES, SERVICE),
        ("GET", f"{SERVICES}/topics", None),
        ("GET", REVIEWS, None),
        *((method, f"{SERVICES}/{NOWHERE}{end}", body) for method, end, body in OF_A_SERVICE),
        *(("POST", f"{REVIEWS}/{NOWHERE}/{name}", right) for name, right, _ in DECISIONS),
    ):
        answer = journeys.call(method, path, json=body)
        assert answer.status_code == 401, f"{method} {path}: {answer.text}"


def _draft(journeys: Journeys, one: str) -> None:
    """Meet the answers about a service that was never sent to review."""
    _meet(journeys, "GET", one, 200)
    _meet(journeys, "PUT", one, 200, {**SERVICE, "description": "Prestiti e prenotazioni."})
    _meet(journeys, "PUT", one, 412, SERVICE, headers={"If-Match": '"another"'})
    _refused_body(journeys, "PUT", one, {})
    _meet(journeys, "PATCH", one, 204, {"metadata": {"group_id": "biblioteca"}})
    _refused_body(journeys, "PATCH", one, {})
    _meet(journeys, "GET", f"{one}/history", 200)
    _meet(journeys, "GET", f"{one}/history?order=UP", 400)
    _meet(journeys, "GET", f"{one}/keys", 200)
    _meet(journeys, "PUT", f"{one}/keys/primary", 200)
    _meet(journeys, "PUT", f"{one}/keys/third", 400)
    policy = f"{one}/reminder-policy"
    _meet(journeys, "GET", policy, 200)
    _meet(journeys, "GET", f"{policy}?days=5", 400)
    _meet(journeys, "PUT", policy, 200, {"hour": 10})
    _meet(journeys, "PUT", policy, 412, {"hour": 11}, headers={"If-Match": '"another"'})
    _refused_body(journeys, "PUT", policy, {"hour": 21})
    brake = f"{one}/duplicate-policy"
    _meet(journeys, "GET", brake, 200)
    _meet(journeys, "GET", f"{brake}?policy=HOLD", 400)
    _meet(journeys, "PUT", brake, 200, {"policy": "HOLD"})
    _refused_body(journeys, "PUT", brake, {"policy": "MAYBE"})
    language = f"{one}/second-language"
    _meet(journeys, "GET", language, 200)
    _meet(journeys, "GET", f"{language}?second_language=de_DE", 400)
    _meet(journeys, "PUT", language, 200, {"second_language": "de_DE"})
    _refused_body(journeys, "PUT", language, {"second_language": "it_IT"})
    _meet(journeys, "POST", f"{one}/release", 409)


def _logo(journeys: Journeys, one: str, id_: str) -> None:
    """Meet the answers to the manager who sets a logo, and to everybody who downloads it."""
    file = f"{LOGOS}/{id_.lower()}.png"
    assert journeys.call("GET", file).status_code == 404
    _refused_body(journeys, "PUT", f"{one}/logo", {"logo": "x"})
    _meet(journeys, "PUT", f"{one}/logo", 204, {"logo": PNG})
    found = journeys.call("GET", file)
    assert found.status_code == 200, found.text
    known = {"If-None-Match": found.headers["ETag"]}
    assert journeys.call("GET", file, headers=known).status_code == 304
    assert journeys.call("GET", f"{LOGOS}/{id_}.gif").status_code == 400


def _reviews(journeys: Journeys, one: str, id_: str) -> None:
    """Meet the answers about reviews: the draft is approved, then edited and rejected."""
    _refused_body(journeys, "PUT", f"{one}/review", {"auto_publish": "yes"})
    _refused_body(journeys, "PATCH", f"{one}/review", {"comment": 7})
    _meet(journeys, "PATCH", f"{one}/review", 409, {"comment": "Presto."})
    _meet(journeys, "GET", f"{REVIEWS}?limit=0", 400, key=OPERATOR_KEY)
    _meet(journeys, "GET", REVIEWS, 403)
    for name, right, wrong in DECISIONS:
        path = f"{REVIEWS}/{id_}/{name}"
        _meet(journeys, "POST", path, 403, right)
        _meet(journeys, "POST", f"{REVIEWS}/{NOWHERE}/{name}", 404, right, key=OPERATOR_KEY)
        # the service is a draft
        _meet(journeys, "POST", path, 409, right, key=OPERATOR_KEY)
        _refused_body(journeys, "POST", path, wrong, key=OPERATOR_KEY)

    _submit(journeys, one, id_)
    _meet(journeys, "PUT", f"{one}/review", 409, {})
    _meet(journeys, "PUT", one, 409, SERVICE)
    _meet(journeys, "PATCH", f"{one}/review", 204, {"comment": "Presto."})
    _meet(journeys, "POST", f"{REVIEWS}/{id_}/approval", 200, {}, key=OPERATOR_KEY)
    _meet(journeys, "POST", f"{one}/release", 204)
    assert _meet(journeys, "GET", f"{one}/release", 200)["status"] == "published"
    _meet(journeys, "DELETE", f"{one}/release", 204)

    _meet(journeys, "PUT", one, 200, {**SERVICE, "description": "Prestiti per i soci."})
    _submit(journeys, one, id_)
    _meet(journeys, "POST", f"{REVIEWS}/{id_}/rejection", 200, REASON, key=OPERATOR_KEY)


def _submit(journeys: Journeys, one: str, id_: str) -> None:
    """Send the service to review, and wait until it has passed the automatic checks."""
    _meet(journeys, "PUT", f"{one}/review", 204, {})

    def is_listed() -> bool:
        listed = _meet(journeys, "GET", f"{REVIEWS}?limit=100", 200, key=OPERATOR_KEY)
        return any(item["service"]["id"] == id_ for item in listed["items"])

    wait_for(is_listed)


def _refused_body(
    journeys: Journeys, method: str, path: str, wrong: Any, *, key: str = MANAGE_KEY
) -> None:
    """Meet the refusals of a body: wrong, over the limit, compressed."""
    _meet(journeys, method, path, 400, wrong, key=key)
    for status, data, headers in ((413, b" " * 600_000, {}), (415, b"{}", PACKED)):
        answer = journeys.as_sender(method, path, key=key, data=data, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"


def _meet(
    journeys: Journeys,
    method: str,
    path: str,
    status: int,
    body: Any = None,
    *,
    key: str = MANAGE_KEY,
    **more: Any,
) -> Any:
    """Call, check the status, and return the JSON of the answer, if it has a body."""
    sent = {} if body is None else {"json": body}
    answer = journeys.as_sender(method, path, key=key, **sent, **more)
    assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
    return answer.json() if answer.content else None
