"""The automatic checks of a service, and the decision that they cannot take."""

from typing import Any

import pytest

from lib.domain.services.managed_service import Publication
from lib.domain.services.quality import findings, needs_operator
from lib.domain.services.service_data import ServiceData
from lib.domain.services.topics import TOPIC_IDS
from lib.rendering.texts.topics import TOPIC_NAMES
from tests.builders.managed_services import a_service

NO_CONTACT = {"email": None}


def service(**changes: Any) -> ServiceData:
    """Return a service with changes; None takes a member of the metadata away."""
    payload = a_service(**changes)
    metadata = {name: value for name, value in payload["metadata"].items() if value is not None}
    return ServiceData.model_validate({**payload, "metadata": metadata})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "Tari"},
        {"name": "Test di ingresso alla scuola"},
        {"metadata": {"privacy_url": "http://comune.example.org/p?a=b"}},
        {"metadata": {**NO_CONTACT, "phone": "055 123"}},
        {"metadata": {**NO_CONTACT, "pec": "a@pec.example.org"}},
        {"metadata": {**NO_CONTACT, "support_url": "https://example.org"}},
        {"authorized_cidrs": ["0.0.0.0/0"]},
        {"authorized_cidrs": ["203.0.113.7", "198.51.100.0/24"]},
    ],
)
def test_a_plausible_service_has_no_finding(changes: dict[str, Any]) -> None:
    """It waits for an operator."""
    assert findings(service(**changes)) == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "ab"}, "name must have"),
        ({"name": "x" * 161}, "name must have"),
        ({"name": "Test"}, "name is a placeholder"),
        ({"name": "Lorem ipsum"}, "name is a placeholder"),
        ({"name": "!!!!"}, "name is a placeholder"),
        ({"name": "aaaa"}, "name is a placeholder"),
        ({"description": "Breve"}, "description must have"),
        ({"description": "lorem  ipsum."}, "description is a placeholder"),
        (
            {"name": "Iscrizione alla mensa", "description": "iscrizione alla mensa"},
            "repeats the name",
        ),
        ({"metadata": {"privacy_url": None}}, "privacy_url is needed"),
        ({"metadata": {"privacy_url": "ftp://example.org"}}, "privacy_url must be"),
        ({"metadata": {"privacy_url": "https://localhost/p"}}, "privacy_url must be"),
        ({"metadata": {"privacy_url": "https://10.0.0.1/p"}}, "privacy_url must be"),
        ({"metadata": {"privacy_url": "https://a b.example.org"}}, "privacy_url must be"),
        ({"metadata": {"privacy_url": "https://[::1"}}, "privacy_url must be"),
        ({"metadata": {"privacy_url": "https://u:p@example.org"}}, "privacy_url must be"),
        ({"metadata": {"tos_url": "www.example.org"}}, "tos_url must be"),
        ({"metadata": {"pec": "nobody"}}, "pec must be"),
        ({"metadata": NO_CONTACT}, "is needed: where citizens ask"),
        ({"authorized_cidrs": ["10.1.0.0/16"]}, "no public network"),
        ({"authorized_cidrs": ["127.0.0.1"]}, "no public network"),
    ],
)
def test_each_fault_is_named(changes: dict[str, Any], says: str) -> None:
    """In one sentence."""
    (found,) = findings(service(**changes))

    assert says in found
    assert found.endswith(".")


def test_an_operator_decides_the_first_time_and_on_a_new_identity() -> None:
    """A new telephone number needs nobody."""
    approved = Publication("published", service(), "2026-11-23T09:00:00.000Z")

    assert needs_operator(service(), None)
    assert not needs_operator(service(metadata={"phone": "055 1"}), approved)
    assert needs_operator(service(name="Mensa"), approved)
    assert needs_operator(service(metadata={"scope": "NATIONAL"}), approved)


def test_each_topic_has_a_name() -> None:
    """The ids count from 1."""
    assert len(TOPIC_IDS) == len(TOPIC_NAMES) == len(set(TOPIC_NAMES))
    assert TOPIC_IDS.start == 1
