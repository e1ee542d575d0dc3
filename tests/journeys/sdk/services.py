"""Calls of IO's client that manage a service: from its draft to its deletion."""

import secrets
from typing import Final

from infra.local.sandbox.seed import OPERATOR_KEY
from tests.builders.managed_services import PNG, a_service
from tests.host.host_process import wait_for
from tests.journeys.answers.services import REVIEWS
from tests.journeys.sdk.driver import Driver
from tests.journeys.support import Journeys

SERVICE: Final = a_service(
    # an organisation has no second service of the same name
    name=f"Anagrafe canina {secrets.token_hex(4)}",
    authorized_cidrs=["198.51.100.0/24"],
    max_allowed_payment_amount=50_000,
    metadata={"web_url": "https://www.comune.example.org/cani", "phone": "0300000000"},
)
OF_A_SERVICE: Final = (
    *("cmsGetService", "cmsUpdateService", "cmsDeleteService", "cmsUpdateServiceLogo"),
    *("cmsGetServiceHistory", "cmsGetServiceKeys", "cmsRegenerateServiceKey", "cmsReviewService"),
    *("cmsReleaseService", "cmsGetPublishedService", "cmsUnpublishService"),
)


def services(driver: Driver, journeys: Journeys) -> None:
    """Manage a service, and meet the refusals that depend on its state or on the body."""
    for name in OF_A_SERVICE:
        driver.meet(name, 404)
    driver.meet("cmsCreateService", 400, body={**SERVICE, "name": ""})
    created = driver.meet("cmsCreateService", 201, body=SERVICE)["value"]
    assert created["status"]["value"] == "draft"
    id_ = created["id"]

    _read(driver, id_)
    _keys(driver, id_)
    _edit(driver, id_)
    _publish(driver, journeys, id_)
    history = driver.meet("cmsGetServiceHistory", 200, serviceId=id_)["value"]["items"]
    steps = [(item["status"]["kind"], item["status"]["value"]) for item in history]
    assert steps == [
        ("publication", "unpublished"),
        ("publication", "published"),
        ("publication", "unpublished"),
        ("lifecycle", "approved"),
        ("lifecycle", "submitted"),
        ("lifecycle", "draft"),
        ("lifecycle", "draft"),
    ], steps
    driver.meet("cmsDeleteService", 204, serviceId=id_)
    assert _listed(driver)[id_] == "deleted"


def _read(driver: Driver, id_: str) -> None:
    """Read the service alone and in the list, with the members that it was created with."""
    found = driver.meet("cmsGetService", 200, serviceId=id_)["value"]
    for member in ("name", "description", "authorized_cidrs", "max_allowed_payment_amount"):
        assert found[member] == SERVICE[member]
    topics = driver.meet("getServiceTopics", 200)["value"]["topics"]
    assert found["metadata"].pop("topic") in topics
    sent = {name: value for name, value in SERVICE["metadata"].items() if name != "topic_id"}
    assert found["metadata"] == sent
    assert _listed(driver)[id_] == "draft"


def _listed(driver: Driver) -> dict[str, str]:
    """Return the state of each service of the account."""
    listed = driver.meet("cmsGetServices", 200, limit=100, offset=0)["value"]
    assert listed["pagination"] == {"offset": 0, "limit": 100, "count": len(listed["value"])}
    return {one["id"]: one["status"]["value"] for one in listed["value"]}


def _keys(driver: Driver, id_: str) -> None:
    """Replace a key; the other one is masked then, and decodes all the same."""
    shown = driver.meet("cmsGetServiceKeys", 200, serviceId=id_)["value"]
    driver.meet("cmsRegenerateServiceKey", 400, serviceId=id_, keyType="third")
    named = {"serviceId": id_, "keyType": "secondary"}
    replaced = driver.meet("cmsRegenerateServiceKey", 200, **named)["value"]
    assert shown["secondary_key"] != replaced["secondary_key"]
    assert shown["primary_key"][-4:] == replaced["primary_key"][-4:]


def _edit(driver: Driver, id_: str) -> None:
    driver.meet("cmsUpdateService", 400, serviceId=id_, body={})
    edited = {**SERVICE, "description": "Iscrizione dei cani all'anagrafe del comune."}
    found = driver.meet("cmsUpdateService", 200, serviceId=id_, body=edited)["value"]
    assert found["description"] == edited["description"]
    driver.meet("cmsUpdateServiceLogo", 400, serviceId=id_, body={"logo": "bm8="})
    driver.meet("cmsUpdateServiceLogo", 204, serviceId=id_, body={"logo": PNG})


def _publish(driver: Driver, journeys: Journeys, id_: str) -> None:
    """Send the service to review; publish it once it is approved, and hide it again."""
    driver.meet("cmsReleaseService", 409, serviceId=id_)
    driver.meet("cmsReviewService", 204, serviceId=id_)
    driver.meet("cmsReviewService", 409, serviceId=id_)
    driver.meet("cmsUpdateService", 409, serviceId=id_)

    def approved() -> bool:
        path = f"{REVIEWS}/{id_}/approval"
        answer = journeys.as_sender("POST", path, key=OPERATOR_KEY, json={})
        assert answer.status_code in {200, 409}, answer.text
        return answer.ok

    # the automatic checks come first
    wait_for(approved, 60)
    driver.meet("cmsReleaseService", 204, serviceId=id_)
    published = driver.meet("cmsGetPublishedService", 200, serviceId=id_)["value"]
    assert (published["id"], published["status"]) == (id_, "published")
    driver.meet("cmsUnpublishService", 204, serviceId=id_)
