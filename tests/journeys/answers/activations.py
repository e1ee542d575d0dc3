"""Calls that meet every answer about activations, the feed, rights, and organisations' logos."""

from datetime import datetime, timedelta
from typing import Any, Final

import requests

from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_KEY,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
    SPECIAL_KEY,
)
from tests.builders.managed_services import PNG
from tests.journeys.answers.paths import PACKED
from tests.journeys.support import Journeys

ACTIVATIONS: Final = "/api/v1/activations"
FEED: Final = "/api/v1/subscriptions-feed"
RIGHTS: Final = "/api/operations/v1/services"
LOGO: Final = "/api/v1/organizations/{}/logo"
FILE: Final = "/api/v1/logos/organizations/{}.png"
NOBODY: Final = "nobody's"


def activations(journeys: Journeys) -> None:
    """Meet every answer about activations; the slash of IO's clients changes nothing."""
    asked, wanted = {"fiscal_code": CITIZEN}, {"fiscal_code": CITIZEN, "status": "ACTIVE"}
    _meet(journeys, "PUT", ACTIVATIONS, 200, wanted)
    _meet(journeys, "POST", ACTIVATIONS, 200, asked)
    _meet(journeys, "POST", ACTIVATIONS, 404, {"fiscal_code": "NOBODY00A00A000A"})
    for method, body in (("PUT", wanted), ("POST", asked)):
        _meet(journeys, method, ACTIVATIONS, 401, body, key=NOBODY)
        _meet(journeys, method, ACTIVATIONS, 403, body, key=SENDER_KEY)
        _refused(journeys, method, ACTIVATIONS, SPECIAL_KEY)
        # the documents have the path without the slash
        answer = requests.request(
            method,
            f"{journeys.base}{ACTIVATIONS}/",
            headers={"Ocp-Apim-Subscription-Key": SPECIAL_KEY},
            json=body,
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "ACTIVE"


def subscriptions_feed(journeys: Journeys) -> None:
    """Meet every answer about the feed of a day."""
    now = str(journeys.call("GET", "/sandbox/clock").json()["now"])
    today = datetime.fromisoformat(now).date()
    yesterday = today - timedelta(days=1)
    for status, day, key in (
        (200, yesterday, SENDER_KEY),
        (400, "2026-02-30", SENDER_KEY),
        (401, yesterday, NOBODY),
        (403, yesterday, LIMITED_KEY),
        (404, today + timedelta(days=1), SENDER_KEY),
    ):
        _meet(journeys, "GET", f"{FEED}/{day}", status, None, key=key)


def service_rights(journeys: Journeys) -> None:
    """Meet every answer about the rights that operators grant."""
    own, none = f"{RIGHTS}/{SERVICE_ID}/rights", f"{RIGHTS}/nothing/rights"
    wanted = {"category": "STANDARD", "reads_subscriptions_feed": True}
    for method, body in (("GET", None), ("PUT", wanted)):
        _meet(journeys, method, own, 200, body, key=OPERATOR_KEY)
        _meet(journeys, method, none, 404, body, key=OPERATOR_KEY)
        _meet(journeys, method, f"{RIGHTS}/a.b/rights", 400, body, key=OPERATOR_KEY)
        _meet(journeys, method, own, 401, body, key=NOBODY)
        _meet(journeys, method, own, 403, body, key=SENDER_KEY)
    _refused(journeys, "PUT", own, OPERATOR_KEY)


def organization_logos(journeys: Journeys) -> None:
    """Meet every answer about an organisation's logo."""
    own, file = LOGO.format(ORGANIZATION), FILE.format(ORGANIZATION)
    # another journey may have set the logo of the sandbox's organisation
    assert journeys.call("GET", FILE.format("99999999990")).status_code == 404
    _meet(journeys, "PUT", own, 202, {"logo": PNG}, key=MANAGE_KEY)
    found = journeys.call("GET", file)
    assert found.status_code == 200
    known = {"If-None-Match": found.headers["ETag"]}
    assert journeys.call("GET", file, headers=known).status_code == 304
    assert journeys.call("GET", FILE.format("x")).status_code == 400
    _meet(journeys, "PUT", own, 401, {"logo": PNG}, key=NOBODY)
    _meet(journeys, "PUT", LOGO.format("00000000018"), 403, {"logo": PNG}, key=MANAGE_KEY)
    _refused(journeys, "PUT", own, MANAGE_KEY)


def _meet(
    journeys: Journeys, method: str, path: str, status: int, body: Any, key: str = SPECIAL_KEY
) -> None:
    answer = journeys.as_sender(method, path, key=key, json=body)
    assert answer.status_code == status, f"{method} {path}: {answer.text}"


def _refused(journeys: Journeys, method: str, path: str, key: str) -> None:
    for status, data, headers in (
        (400, b"{}", {}),
        (413, b" " * 600_000, {}),
        (415, b"{}", PACKED),
    ):
        answer = journeys.as_sender(method, path, key=key, data=data, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
