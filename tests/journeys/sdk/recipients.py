"""Calls of IO's client about activations, the feed of a day, and the organisation's logo."""

import hashlib
from datetime import datetime

from infra.local.sandbox.seed import CITIZEN
from tests.host.host_process import wait_for
from tests.journeys.sdk.driver import Driver
from tests.journeys.support import Journeys

NOBODY = "NOPROF00A00A000A"


def activations(driver: Driver) -> None:
    """Activate a citizen for a SPECIAL service, and read the activation."""
    driver.meet("getServiceActivationByPOST", 404, payload={"fiscal_code": NOBODY})
    for version, status in enumerate(("PENDING", "ACTIVE", "INACTIVE")):
        wanted = {"fiscal_code": CITIZEN, "status": status}
        written = driver.meet("upsertServiceActivation", 200, payload=wanted)["value"]
        assert written.items() >= {**wanted, "version": version}.items()
        asked = {"fiscal_code": CITIZEN}
        assert driver.meet("getServiceActivationByPOST", 200, payload=asked)["value"] == written


def subscriptions_feed(driver: Driver, journeys: Journeys) -> None:
    """Read who subscribed on a day, on the next one; before that, the feed is not there yet."""
    day = datetime.fromisoformat(journeys.call("GET", "/sandbox/clock").json()["now"]).date()
    hashed = hashlib.sha256(journeys.new_citizen().encode()).hexdigest()
    problem = driver.meet("getSubscriptionsFeedForDate", 404, date=day.isoformat())["value"]
    assert problem["title"] == "Data not available yet"

    journeys.call("POST", "/sandbox/clock", json={"advance": "P1D"})

    def is_listed() -> bool:
        found = driver.meet("getSubscriptionsFeedForDate", 200, date=day.isoformat())["value"]
        assert found["dateUTC"] == day.isoformat()
        assert hashed not in found["unsubscriptions"]
        return hashed in found["subscriptions"]

    # a queue function writes the feed, half a minute after the citizen's choice
    wait_for(is_listed, 120)


def organization_logo(driver: Driver) -> None:
    """Set the logo; what is no image is refused."""
    driver.meet("uploadOrganizationLogo", 400, body={"logo": "bm8="})
    driver.meet("uploadOrganizationLogo", 202)
