"""A test of a configuration, and a citizen's app, call the sandbox's administration."""

from typing import Any

import pytest

from infra.local.sandbox.remote_content import (
    ATTACHMENT,
    BASE,
    ETAG,
    KEY,
    KEY_HEADER,
    LARGE,
    LARGE_BYTES,
)
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
        "/details/markdown",
        "/details/subject",
        "",
    ]


def test_a_message_names_a_configuration(journeys: Journeys) -> None:
    """The sender's key has another account than the manage key, and the same organisation."""
    made = manage(journeys, PATH, configuration(journeys.base))
    third_party = {"id": "fascicolo-1", "configuration_id": made["configuration_id"]}

    assert journeys.submit(content={"third_party_data": third_party})


def received(journeys: Journeys, id_: str, **told: Any) -> str:
    """Deliver a message with remote content; return what follows the base in its address."""
    made = manage(journeys, PATH, configuration(journeys.base))
    third_party = {
        "id": id_,
        "configuration_id": made["configuration_id"],
        "has_attachments": True,
        "has_remote_content": True,
        **told,
    }
    content = {"third_party_data": third_party}
    one = journeys.deliver(feature_level_type="ADVANCED", content=content)
    return f"third-party-messages/{one}"


@pytest.mark.parametrize("base", ["/api/communication/v1", "/api/v1"])
def test_a_citizen_opens_a_message_with_remote_content(journeys: Journeys, base: str) -> None:
    """First the precondition, then the message, then its attachments, as IO's app does."""
    token, path = journeys.token(), f"{base}/{received(journeys, 'fascicolo-1')}"

    asked = journeys.as_citizen("GET", f"{path}/precondition", token=token)
    opened = journeys.as_citizen("GET", path, token=token)
    attachments = opened.json()["third_party_message"]["attachments"]
    files = [
        journeys.as_citizen("GET", f"{path}/attachments/{one['url']}?signed=a%2Fb", token=token)
        for one in attachments
    ]

    assert asked.json()["title"] == "Prima di aprire"
    assert opened.json()["third_party_message"]["details"]["subject"] == "Il tuo fascicolo"
    assert [one["url"] for one in attachments] == [ATTACHMENT, LARGE]
    for file in files:
        assert file.headers["Content-Type"] == "application/octet-stream"
        assert file.headers["ETag"] == ETAG
        assert file.content.startswith(b"%PDF-")
    assert len(files[1].content) > LARGE_BYTES
    copy = journeys.as_citizen("GET", path, token=token, headers={"If-None-Match": ETAG})
    assert (copy.status_code, copy.content) == (304, b"")


def test_a_host_that_asks_to_wait_is_passed_on(journeys: Journeys) -> None:
    """The app waits for the host's time and asks again."""
    path = f"/api/v1/{received(journeys, 'fascicolo-1')}/attachments/allegati/status-503.pdf"

    answer = journeys.as_citizen("GET", path, token=journeys.token())

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
