"""IO's own client manages configurations; a test calls the sandbox's administration."""

from typing import Any

import pytest

from infra.local.sandbox.remote_content import ATTACHMENT, BASE, KEY, KEY_HEADER
from infra.local.sandbox.seed import MANAGE_KEY
from tests.builders.remote_content import TEST_USER, an_environment
from tests.journeys.support import Journeys
from tests.journeys.test_io_client import Client, pytestmark  # noqa: F401 - the same needs

PATH = "/api/v1/messages-sending/remote-contents/configurations"


@pytest.fixture(scope="module")
def client(journeys: Journeys) -> Client:
    """IO's client, pointed at the host."""
    return Client(journeys.base)


def configuration(base: str, key: str = KEY) -> dict[str, Any]:
    """Return a configuration whose environments are the sandbox's administration."""
    environment = an_environment(f"{base}/{BASE}", key, header_key_name=KEY_HEADER)
    return {
        "name": "Fascicolo",
        "description": "Il fascicolo del cittadino",
        "has_precondition": "ALWAYS",
        "disable_lollipop_for": [TEST_USER],
        "is_lollipop_enabled": False,
        "test_environment": {**environment, "test_users": [TEST_USER]},
        "prod_environment": environment,
    }


def test_io_s_client_manages_configurations(journeys: Journeys, client: Client) -> None:
    """Each answer decodes with the status of the contract, and has no secret."""
    body = configuration(journeys.base)

    def ask(operation: str, **parameters: Any) -> dict[str, Any]:
        return client(operation, ManageSubscriptionKey=MANAGE_KEY, **parameters)

    created = ask("createRCConfiguration", body=body)
    assert created["status"] == 201, created
    id_ = created["value"]["configuration_id"]
    assert created["location"] == f"{PATH}/{id_}"
    read = ask("getRCConfiguration", configurationId=id_)
    assert (read["status"], read["value"]["name"]) == (200, "Fascicolo")
    listed = ask("listRCConfiguration")
    assert listed["status"] == 200
    assert id_ in [one["configuration_id"] for one in listed["value"]["rcConfigList"]]
    assert KEY not in str([created, read, listed])

    changed = {**read["value"], "name": "Fascicolo nuovo"}
    del changed["configuration_id"], changed["user_id"]
    replaced = ask("updateRCConfiguration", configurationId=id_, body=changed)

    assert replaced["status"] == 204, replaced
    assert ask("getRCConfiguration", configurationId=id_)["value"]["name"] == "Fascicolo nuovo"
    wrong = ask("createRCConfiguration", body={**body, "has_precondition": "NONE"})
    assert (wrong["status"], wrong["value"]["title"]) == (400, "Invalid NewRCConfigurationPublic")


def manage(journeys: Journeys, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send a request with the manage key, and return the answer's members."""
    answer: dict[str, Any] = journeys.as_sender("POST", path, key=MANAGE_KEY, json=body).json()
    return answer


def test_the_sandbox_s_administration_passes_and_fails_a_test(journeys: Journeys) -> None:
    """A right host passes; a wrong key and wrong content are told point by point."""
    right, wrong = (
        manage(journeys, PATH, configuration(journeys.base, key))["configuration_id"]
        for key in (KEY, "a wrong key")
    )
    trial = {"id": "fascicolo-1", "fiscal_code": TEST_USER, "attachment": ATTACHMENT}

    passed = manage(journeys, f"{PATH}/{right}/test", trial)
    denied = manage(journeys, f"{PATH}/{wrong}/test", trial)
    broken = manage(journeys, f"{PATH}/{right}/test", {**trial, "id": "broken-1"})

    assert passed["is_passed"], passed
    assert [one["status"] for one in passed["calls"]] == [200, 200, 200]
    assert [one["status"] for one in denied["calls"]] == [401, 401, 401]
    assert [fault["pointer"] for one in broken["calls"] for fault in one["faults"]] == [
        "/details/subject",
        "/details/markdown",
        "",
    ]


def test_a_message_names_a_configuration(journeys: Journeys) -> None:
    """The sender's key has another account than the manage key, and the same organisation."""
    made = manage(journeys, PATH, configuration(journeys.base))
    third_party = {"id": "fascicolo-1", "configuration_id": made["configuration_id"]}

    assert journeys.submit(content={"third_party_data": third_party})
