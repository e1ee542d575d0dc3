"""Operations that the paths of services may cost."""

from infra.local.sandbox.seed import SENDER_KEY
from tests.builders.managed_services import Manager, a_service
from tests.builders.messages import a_message
from tests.doubles.counted_stack import CountedStack


async def warm(counted: CountedStack) -> Manager:
    """Return a manager whose key is remembered; the client knows all containers."""
    manager = Manager(counted)
    id_ = await manager.create(name="Servizio di prima")
    await manager.call("change_service", id_, a_service(name="Servizio di oggi"))
    counted.reset()
    return manager


async def test_create_a_service(counted: CountedStack) -> None:
    """A service is created with 2 creates, 1 batch, 1 put, and what brings all up to date."""
    manager = await warm(counted)
    await manager.create()

    assert counted.documents == {"create": 2, "batch": 1, "upsert": 1, "read": 8}
    assert counted.queues == {"put": 1}


async def test_read_services(counted: CountedStack) -> None:
    """A page costs 1 query and 1 point read for each service; a service costs 1 point read."""
    manager = await warm(counted)
    page = (await manager.call("list_services")).body["value"]
    assert counted.documents == {"query": 1, "read": len(page)}
    counted.reset()

    await manager.call("read_service", page[0]["id"])
    assert counted.documents == {"read": 1}
    assert not counted.queues
    counted.reset()

    await manager.call("read_service_history", page[0]["id"])
    assert counted.documents == {"read": 1, "query": 1}


async def test_change_a_service(counted: CountedStack) -> None:
    """A change costs 1 batch and 1 put; the same change again writes nothing."""
    manager = await warm(counted)
    id_ = await manager.create()
    change = a_service(name="Mensa e refezione")
    counted.reset()

    await manager.call("change_service", id_, change)
    assert counted.documents == {"read": 10, "batch": 1, "replace": 1, "delete": 1}
    assert counted.queues == {"put": 1}
    counted.reset()

    await manager.call("change_service", id_, change)
    assert counted.documents == {"read": 10, "delete": 1}


async def test_sending_costs_what_it_did(counted: CountedStack) -> None:
    """A managed service's message costs 1 create and 1 put, as each warm submission."""
    await warm(counted)
    reply = await counted.call("submit_message", a_message(), key=SENDER_KEY)

    assert reply.status == 201
    assert counted.documents == {"create": 1}
    assert counted.queues == {"put": 1}
