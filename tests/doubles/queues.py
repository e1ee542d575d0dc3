"""Queues that are emptied between tests."""

from functions.declared import CONSUMERS
from lib.adapters.azure.clients import AzureClients
from lib.ports.queue import POISON_SUFFIX
from tests.stack import Stack, take


async def clear(stack: Stack) -> None:
    """Empty the stack's queues: on the emulators all queues, which outlive a test.

    The port cannot do that. On the embedded stack only visible items are removed.
    """
    if stack.app.settings.stack == "azure":
        clients = AzureClients(stack.app.settings)
        service = clients.queues()
        async for one in service.list_queues():
            await service.get_queue_client(one.name).clear_messages()
        await clients.close()
        return
    for consumer in CONSUMERS:
        for name in (consumer.queue, f"{consumer.queue}{POISON_SUFFIX}"):
            while items := await take(stack.queue, name):
                for item in items:
                    await stack.queue.delete(name, item)
