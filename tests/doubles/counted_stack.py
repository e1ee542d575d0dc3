"""A stack that counts its operations: at the ports, and on the wire."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, override

from functions.declared import CONSUMERS
from functions.queues.contract import Consumer
from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY, SERVICE_ID
from lib.adapters.embedded.scripted_payment_node import ScriptedPaymentNode
from lib.composition.app import build_app
from lib.composition.stacks import embedded_ports
from lib.domain.shared.identifiers import FiscalCode, RptId, ServiceId
from tests.builders.settings import settings_for, settings_of
from tests.doubles.azure_proxy import AzureProxy, Seen
from tests.doubles.channels import KeptDevices
from tests.doubles.clock import START
from tests.doubles.counting import Counting
from tests.doubles.queues import clear
from tests.stack import Stack

DUE_DATE = "2027-06-30T21:59:59Z"


class CountedStack(Stack):
    """A stack whose `documents` and `queues` count the operations since `reset`."""

    def __init__(
        self,
        folder: Path,
        documents: Counter[str],
        queues: Counter[str],
        *,
        on_the_wire: bool = False,
    ) -> None:
        super().__init__(folder)
        self.on_the_wire = on_the_wire
        self.documents = documents
        self.queues = queues
        self.puts: list[Seen] = []

    def searches(self, *, queries: int = 0, counts: int = 0, **others: int) -> Counter[str]:
        """Return the expected operations: on the wire a count is a query."""
        if self.on_the_wire:
            return +Counter(query=queries + counts, **others)
        return +Counter(query=queries, count=counts, **others)

    @override
    def consumers(self) -> Iterable[Consumer[Any]]:
        """Return those whose queue was ever put to: on the wire, each look is a request."""
        if not self.on_the_wire:
            return super().consumers()
        used = {put.path.split("/")[2] for put in self.puts}
        return [one for one in CONSUMERS if one.queue in used]

    def reset(self) -> None:
        """Set the counts to zero."""
        self.documents.clear()
        self.queues.clear()


@asynccontextmanager
async def counted_at_the_ports(folder: Path) -> AsyncIterator[CountedStack]:
    """Return the embedded stack behind ports that count."""
    stack = CountedStack(folder, Counter(), Counter())
    ports = embedded_ports(settings_for(folder), stack.clock)
    stack.app = build_app(
        settings_for(folder),
        clock=stack.clock,
        push=stack.push,
        mailer=stack.mailer,
        devices=KeptDevices(),
        node=ScriptedPaymentNode(_no_sum),
        store=Counting(ports.store, stack.documents),
        queue=Counting(ports.queue, stack.queues),
    )
    await _warm(stack)
    yield stack
    await stack.app.close()


@asynccontextmanager
async def counted_on_the_wire(folder: Path, emulators: Emulators) -> AsyncIterator[CountedStack]:
    """Return the azure stack behind proxies that count requests."""
    async with (
        AzureProxy(emulators.ports.cosmos) as cosmos,
        AzureProxy(emulators.ports.queue) as queue,
    ):
        stack = CountedStack(folder, cosmos.calls, queue.calls, on_the_wire=True)
        stack.puts = queue.seen["put"]
        at = replace(emulators.ports, cosmos=cosmos.port, queue=queue.port)
        database = f"budgets-{secrets.token_hex(6)}"
        settings = settings_for(
            folder, **{**settings_of(emulators, at), "cosmos_database": database}
        )
        await prepare(settings)
        stack.app = build_app(
            settings,
            clock=stack.clock,
            push=stack.push,
            mailer=stack.mailer,
            devices=KeptDevices(),
            node=ScriptedPaymentNode(_no_sum),
        )
        await _warm(stack)
        # of another test, or of an earlier run
        await clear(stack)
        yield stack
        await stack.app.close()


async def _no_sum(_: RptId) -> int | None:
    """Stand for the sandbox's own look at a payment, which an installation does not have."""
    return None


async def _warm(stack: Stack) -> None:
    """Plan the fold of the week, and keep the background out of the counts.

    The SDK looks at a container before its first use, so each of few uses is used once.
    """
    await stack.app.repositories.erasures.get(CITIZEN)
    await stack.app.repositories.parties.given(FiscalCode(CITIZEN))
    stack.app.messages.note_sent.delay = 3600
    await stack.app.repositories.folds.plan(ServiceId(SERVICE_ID), START.date(), START)


async def register(stack: Stack, citizen: str = CITIZEN) -> None:
    """Register a citizen's device."""
    reply = await stack.call(
        "register_installation",
        {"platform": "apns", "pushChannel": f"channel-{citizen}"},
        path={"installation_id": "one"},
        citizen=citizen,
    )
    assert reply.status == 200


async def update_payment(counted: CountedStack, rpt_id: RptId) -> None:
    """Report that the notice was paid."""
    update = {"event_id": "e", "occurred_at": "2026-11-23T09:00:00Z", "outcome": "PAID"}
    reply = await counted.call("update_payment", update, path={"rpt_id": rpt_id}, key=PAYMENTS_KEY)
    assert reply.status == 200
