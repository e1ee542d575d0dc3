"""The paths of remote content cost a limited number of operations."""

from infra.local.sandbox.seed import MANAGE_KEY
from tests.builders.messages import a_message
from tests.builders.remote_content import TEST_USER, a_configuration, call, create
from tests.doubles.counted_stack import CountedStack
from tests.functions.remote_content.reading_calls import deliver, read


async def test_manage_configurations(counted: CountedStack) -> None:
    """Each operation costs what its documentation says; the list a read for each configuration."""
    await create(counted, a_configuration(), MANAGE_KEY)
    counted.reset()

    id_ = await create(counted, a_configuration(), MANAGE_KEY)
    assert counted.documents == {"read": 1, "upsert": 1, "batch": 1}
    counted.reset()

    await counted.call("list_remote_content_configurations", key=MANAGE_KEY)
    assert counted.documents == {"read": 3}
    counted.reset()

    await call(counted, "read", id_, key=MANAGE_KEY)
    assert counted.documents == {"read": 1}
    counted.reset()

    await call(counted, "replace", id_, a_configuration(), key=MANAGE_KEY)
    assert counted.documents == {"read": 1, "replace": 1}
    assert counted.queues == {}


async def test_submit_a_message_with_remote_content(counted: CountedStack) -> None:
    """The first message costs 1 point read more, a further one nothing.

    Without a precondition of its own, the first one costs another read, of the configuration.
    """
    id_ = await create(counted, a_configuration(), MANAGE_KEY)
    third_party = {"id": "1", "configuration_id": id_}
    message = a_message(content={"third_party_data": third_party})
    for reads in ({"read": 2}, {}):
        counted.reset()

        assert (await counted.call("submit_message", message)).status == 201

        assert counted.documents == {"create": 1, **reads}
        assert counted.queues == {"put": 1}


async def test_test_a_host(counted: CountedStack) -> None:
    """A test costs 1 point read and 1 patch; the first test of a minute 1 create more."""
    unreachable = {"base_url": "http://127.0.0.1:9/io"}
    body = a_configuration(has_precondition="NEVER")
    body["test_environment"] |= unreachable
    id_ = await create(counted, body, MANAGE_KEY)
    trial = {"id": "1", "fiscal_code": TEST_USER}
    for creates in ({"create": 1}, {}):
        counted.reset()

        assert (await call(counted, "test", id_, trial, key=MANAGE_KEY)).status == 200

        assert counted.documents == {"read": 1, "patch": 1, **creates}


async def test_read_remote_content(counted: CountedStack) -> None:
    """The first call reads message and configuration, a further one the message alone.

    The process knows the owner of the configuration from the submission; another one reads it too.
    """
    body = a_configuration()
    body["test_environment"] |= {"base_url": "http://127.0.0.1:9/io"}
    id_ = await deliver(counted, configuration=body, has_precondition="ALWAYS")
    for part, reads in (("message", 2), ("precondition", 1), ("attachment", 1)):
        counted.reset()

        assert (await read(counted, part, id_)).status == 504

        assert counted.documents == {"read": reads}
        assert counted.queues == {}


async def test_a_message_without_a_precondition_calls_nobody(counted: CountedStack) -> None:
    """Its configuration is not read either."""
    id_ = await deliver(counted, has_precondition="NEVER")
    counted.reset()

    assert (await read(counted, "precondition", id_)).status == 204

    assert counted.documents == {"read": 1}
