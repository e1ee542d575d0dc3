"""Calls that meet every declared answer about SEND, and about what the app asks without a login."""

from typing import Final

from tests.journeys.answers.paths import PACKED
from tests.journeys.support import Journeys

SEND: Final = ("/api/communication/v1/send/activation", "/api/v1/pn/activation")


def send_activation(journeys: Journeys) -> None:
    """Meet every answer to a citizen who switches SEND on and off, at both paths."""
    token, body = journeys.token(), {"activation_status": False}
    for path in SEND:
        for status, method, ending, sent, who in (
            (204, "POST", "?isTest=false", {"activation_status": True}, token),
            (200, "GET", "?isTest=true", None, token),
            (204, "POST", "", body, token),
            (400, "POST", "", {}, token),
            (400, "GET", f"?isTest={'x' * 65}", None, token),
            (401, "GET", "", None, "x"),
            (401, "POST", "", body, "x"),
            (413, "POST", "", {"padding": " " * 70_000}, token),
        ):
            answer = journeys.as_citizen(method, f"{path}{ending}", token=who, json=sent)
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
        packed = journeys.as_citizen("POST", path, token=token, data=b"x", headers=PACKED)
        assert packed.status_code == 415


RELYING_PARTY: Final = (
    "/api/auth/v1/relying-party/jwks",
    "/.well-known/openid-federation",
)


def app_info(journeys: Journeys) -> None:
    """Meet every answer to everybody about versions and the state."""
    assert journeys.call("GET", "/info").json()["min_app_version"]["ios"] == "0.0.0"
    assert journeys.call("GET", "/ping").text == "ok"
    assert journeys.call("GET", "/api/v1/ping").status_code == 204
    for path in RELYING_PARTY:
        assert journeys.call("GET", path).status_code == 404
    assert journeys.call("GET", "/api/v1/status").json()["services"][0]["status"] == "OK"
