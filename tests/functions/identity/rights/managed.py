"""The part of the world that an organisation manages: services, and remote contents."""

from typing import Any

from infra.local.sandbox.seed import CITIZEN
from tests.builders.managed_services import Manager
from tests.builders.remote_content import a_configuration, create
from tests.doubles.remote_hosts import KeptHosts
from tests.functions.identity.rights import callers, vouchers
from tests.functions.remote_content.reading_calls import deliver
from tests.stack import Stack


def right_hosts() -> KeptHosts:
    """Return senders' hosts of remote content that answer as they should."""
    return KeptHosts().answer_right()


async def keep_managed(world: Stack) -> None:
    """Keep services of the organisation in several states, and a configuration with a message."""
    held: Any = world
    manager = Manager(world)
    draft = await manager.create(name="Servizio segreto in bozza")
    reviewed = await manager.create(name="Servizio segreto in revisione")
    published = await manager.approved(name="Servizio segreto approvato", auto_publish=True)
    await manager.submit(reviewed)
    keys = (await manager.call("show_service_keys", published)).body
    configuration = await create(
        world, a_configuration(name="Fascicolo segreto"), held.credentials[callers.MANAGER]
    )
    held.things[callers.OF_ORGANIZATION] = {
        **await vouchers.link_client(world, published),
        "draft": draft,
        "reviewed": reviewed,
        "published": published,
        "configuration": configuration,
    }
    held.secrets[callers.OF_ORGANIZATION] = {
        *(draft, reviewed, configuration, keys["primary_key"], vouchers.LINKED_PURPOSE),
        *("Servizio segreto in bozza", "Servizio segreto in revisione", "Fascicolo segreto"),
    }
    remote = await deliver(world, citizen=CITIZEN)
    held.things[callers.OF_SERVICE]["remote"] = remote
    held.secrets[callers.OF_SERVICE].add(remote)
