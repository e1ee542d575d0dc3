"""An organisation creates, reads, changes and deletes services with a manage key."""

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.builders.managed_services import Manager, a_service
from tests.stack import Stack


@pytest.fixture
def manager(stack: Stack) -> Manager:
    """Give the sandbox's organisation."""
    return Manager(stack)


async def test_a_new_service_is_a_draft_with_defaults(manager: Manager) -> None:
    """The answer has IO's members; the sandbox recipient is added."""
    reply = await manager.call("create_service", body=a_service())

    assert reply.status == 201
    body = dict(reply.body)
    assert len(body.pop("id")) == 26
    assert body.pop("last_update").endswith("Z")
    metadata = dict(a_service()["metadata"])
    del metadata["topic_id"]
    assert body == {
        **a_service(),
        "status": {"value": "draft"},
        "require_secure_channel": False,
        "authorized_recipients": [CITIZEN],
        "authorized_cidrs": [],
        "max_allowed_payment_amount": 0,
        "metadata": {**metadata, "topic": {"id": 7, "name": "Educazione e formazione"}},
    }


async def test_the_list_shows_a_new_service_at_once(manager: Manager) -> None:
    """The oldest services come first, the sandbox's own among them."""
    ids = [await manager.create(name=f"Servizio {number}") for number in range(3)]
    reply = await manager.call("list_services")

    assert reply.status == 200
    assert [one["id"] for one in reply.body["value"]] == [*ids, SERVICE_ID]
    assert reply.body["pagination"] == {"offset": 0, "limit": 20, "count": 4}
