"""IO's own client (npm @pagopa/io-functions-services-sdk) drives its operations, and decodes."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.journeys.answers.paths import NOWHERE
from tests.journeys.sdk.client import Client, needs_node
from tests.journeys.sdk.driver import VALID, Driver
from tests.journeys.sdk.recipients import activations, organization_logo, subscriptions_feed
from tests.journeys.sdk.sending import messages, profiles, remote_content
from tests.journeys.sdk.services import services
from tests.journeys.support import SUBMIT, Journeys

pytestmark = needs_node


@pytest.fixture(scope="module")
def client(journeys: Journeys) -> Iterator[Client]:
    """IO's client, pointed at the host."""
    with Client(journeys.base) as client:
        yield client


def test_it_drives_every_operation_of_its_document(journeys: Journeys, client: Client) -> None:
    """Each answer decodes; each status is met that the host declares and the client knows."""
    driver = Driver(client)
    assert driver.decodable == {name: one.statuses for name, one in driver.operations.items()}
    assert len(driver.operations) == 27
    names = set(VALID)
    assert names == driver.operations.keys()

    messages(driver, journeys)
    profiles(driver)
    services(driver, journeys)
    remote_content(driver)
    activations(driver)
    organization_logo(driver)
    subscriptions_feed(driver, journeys)
    driver.refused_keys(journeys, names)

    assert not sorted(driver.expected(journeys, names) - client.met)


def test_without_its_key_the_history_of_a_service_is_refused(client: Client) -> None:
    """The client sends no key with this operation; the answer to that decodes (decision 0041)."""
    asked = {"serviceId": NOWHERE, "ManageSubscriptionKey": MANAGE_KEY}
    assert client.call("cmsGetServiceHistory", asked)["status"] == 401


CONTENTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "secure": {"require_secure_channels": True},
    "payee": {"payment_data": a_payment(payee={"fiscal_code": "09876543210"})},
    "covid": {"eu_covid_cert": {"auth_code": "abc"}},
    "prescription": {"prescription_data": {"nre": "0" * 15, "iup": "1"}},
    "legal": {
        "legal_data": {
            "sender_mail_from": "a@pec.example",
            "message_unique_id": "x",
            "has_attachment": False,
        }
    },
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_it_decodes_every_kind_of_content(journeys: Journeys, client: Client, kind: str) -> None:
    """IO's client can read the answer for each valid content."""
    sent = CONTENTS[kind]
    id_ = journeys.deliver(content=sent, feature_level_type="ADVANCED")

    answer = client("getMessage", fiscal_code=CITIZEN, id=id_)

    assert answer.get("status") == 200, answer
    assert answer["value"]["read_status"] == "UNREAD"
    assert answer["value"]["message"]["feature_level_type"] == "ADVANCED"
    assert sent.keys() <= answer["value"]["message"]["content"].keys()


def test_it_reads_all_our_problems(journeys: Journeys, client: Client) -> None:
    """The client also reads problems that its operations declare without a body."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": "io-client"}
    journeys.as_sender("POST", SUBMIT, json=a_message(), headers=headers)
    problems = {
        answer.status_code: answer.json()
        for answer in (
            journeys.as_sender("POST", SUBMIT, data=b"{", headers=headers),
            journeys.as_sender("POST", SUBMIT, key=OPERATOR_KEY, data=b"{"),
            journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/x"),
            journeys.as_sender("POST", SUBMIT, data=b" " * 300_000, headers=headers),
            journeys.as_sender("POST", SUBMIT, data=b"", headers={"Content-Encoding": "compress"}),
            journeys.as_sender("POST", SUBMIT, json=a_message(time_to_live=7200), headers=headers),
        )
    }
    assert problems.keys() == {400, 403, 404, 413, 415, 422}

    for sent in problems.values():
        read = client.decode("ProblemJson", sent)
        known = {name: sent[name] for name in ("title", "status", "detail")}
        assert read.get("value") == {"type": "about:blank", **known}, read
