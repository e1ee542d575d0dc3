"""A test of a configuration calls the sandbox's administration."""

from typing import Any

from infra.local.sandbox.remote_content import ATTACHMENT, BASE, KEY, KEY_HEADER
from infra.local.sandbox.seed import MANAGE_KEY
from tests.builders.remote_content import TEST_USER, an_environment
from tests.journeys.support import Journeys

PATH = "/api/v1/messages-sending/remote-contents/configurations"


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
