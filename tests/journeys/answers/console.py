"""Calls that meet the declared answers of the console's own endpoints."""

from typing import Any, Final

from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from tests.journeys.answers.paths import DASHBOARD
from tests.journeys.support import Journeys

KEYS: Final = "/api/console/v1/keys"
ONE: Final = f"{KEYS}/{{subscription_id}}"
OF_CONSOLE: Final = frozenset(
    {
        *((method, KEYS, 404) for method in ("GET", "POST", "DELETE")),
        ("DELETE", ONE, 404),
        *((method, KEYS, 429) for method in ("GET", "POST")),
    }
)
"""Answers of an installation without a secret, or to very many calls.

tests/functions/sign_in/console meets them.
"""


def console(journeys: Journeys) -> None:
    """Enter a key, act with it, forget it, and meet each refusal except OF_CONSOLE."""
    own: dict[str, Any] = {"Recapito-CSRF": "1", "Origin": journeys.base}
    entered = journeys.call("POST", KEYS, json={"key": SENDER_KEY}, headers=own)
    assert entered.status_code == 200, entered.text
    journeys.session.cookies.clear()
    own["Cookie"], _, _ = entered.headers["set-cookie"].partition(";")
    listed = journeys.call("GET", KEYS, headers=own)
    assert [one["subscription_id"] for one in listed.json()["items"]] == [SERVICE_ID]
    acting = {**own, "Recapito-Acting-As": SERVICE_ID}
    assert journeys.call("GET", DASHBOARD, headers=acting).status_code == 200
    assert journeys.call("GET", DASHBOARD, headers=own).status_code == 401
    other = {**own, "Origin": "https://evil.example"}
    one = f"{KEYS}/{SERVICE_ID}"
    for status, method, path, headers, body in (
        (400, "POST", KEYS, own, {"key": ""}),
        (401, "POST", KEYS, own, {"key": "nobody's"}),
        (403, "POST", KEYS, other, {"key": SENDER_KEY}),
        (413, "POST", KEYS, own, {"key": "x" * 5000}),
        (415, "POST", KEYS, {**own, "Content-Encoding": "compress"}, {"key": SENDER_KEY}),
        (400, "GET", f"{KEYS}?x=1", own, None),
        (403, "GET", KEYS, other, None),
        (400, "DELETE", f"{KEYS}?x=1", own, None),
        (403, "DELETE", KEYS, other, None),
        (400, "DELETE", f"{one}?x=1", own, None),
        (403, "DELETE", one, other, None),
        (204, "DELETE", one, own, None),
        (204, "DELETE", KEYS, own, None),
    ):
        answer = journeys.call(method, path, json=body, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
        journeys.session.cookies.clear()
