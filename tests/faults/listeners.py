"""The host's queue listeners, which run the consumers of a stack in this process."""

import asyncio
import os
import sys
from collections import Counter
from datetime import timedelta
from typing import Any, Final, override

from functions.declared import CONSUMERS
from functions.queues.contract import Consumer
from infra.local.invocations.failures import Failure
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import (
    Function,
    Inputs,
    Metadata,
    Outcome,
    WorkerLibrary,
)
from infra.local.queues.listener import Listener
from infra.local.sandbox.seed import CITIZEN
from infra.local.settings.host_json import load_host_options
from lib.ports.documents import Document
from lib.ports.errors import PortError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing.names import MAX_DEQUEUE_COUNT
from tests.faults.submissions import Submission
from tests.host.host_process import ROOT
from tests.stack import Stack

QUEUES = tuple(name for one in CONSUMERS for name in (one.queue, one.queue + POISON_SUFFIX))
A_WEEK = 604_800
"""A push may be sent so long: expiry is another test's matter."""
ATTEMPTS: Final = 100
"""Services that fail one request in ten refuse nothing so often in a row."""


class Library(WorkerLibrary):
    """A library that runs the consumers themselves, in place of an indexed app."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(sys.modules[__name__], ())
        self._stack = stack

    @override
    async def invoke(  # type: ignore[override]
        self, function: Function, invocation_id: str, inputs: Inputs, metadata: Metadata
    ) -> Outcome:
        consumer: Consumer[Any] = function.trigger["consumer"]
        text = inputs[0][1].value
        count = metadata["DequeueCount"].value
        last = count >= MAX_DEQUEUE_COUNT
        try:
            if function.name.endswith("_poison"):
                await consumer.dead_letter(self._stack.app, text, last=last)
            else:
                await consumer.consume(self._stack.app, text, last=last, again=count > 1)
        except Exception as error:  # noqa: BLE001 - as the worker library does
            return Outcome(None, [], Failure.of(error))
        return Outcome(None, [], None)


def listeners_of(stack: Stack, lease: timedelta) -> list[Listener]:
    """Return a listener for each queue of the stack, poison queues included."""
    library, options = Library(stack), load_host_options(ROOT)
    log = HostLog(os.open(os.devnull, os.O_WRONLY))
    return [
        Listener(
            library,
            Function(name, name, {"name": "msg", "queueName": queue, "consumer": one}, ()),
            stack.queue,
            options,
            log,
            lease,
            asyncio.Event(),
        )
        for one in CONSUMERS
        for name, queue in (
            (one.name, one.queue),
            (f"{one.name}_poison", one.queue + POISON_SUFFIX),
        )
    ]


async def step(listeners: list[Listener]) -> None:
    """Let each listener take and process what is visible to it."""
    for listener in listeners:
        try:
            while await listener.take():
                await asyncio.gather(*listener.tasks)
        except PortError:
            continue


async def send(stack: Stack, submission: Submission, counts: Counter[str]) -> None:
    """Send a submission until its answer is 201, as a client with a key may."""
    body = {"fiscal_code": CITIZEN, "content": submission.content, "time_to_live": A_WEEK}
    for _ in range(ATTEMPTS):
        reply = await stack.call(
            "submit_message", body, headers={"idempotency-key": f"key-{submission.number}"}
        )
        if reply.status == 201:
            submission.id = reply.body["id"]
            return
        assert reply.status == 429, reply
        counts["retries"] += 1
    raise AssertionError(f"no attempt was accepted: {reply}")


async def inbox(stack: Stack) -> dict[str, Document]:
    """Return the citizen's opened messages by id."""
    messages: dict[str, Document] = {}
    query = {"page_size": "100"}
    while True:
        page = (await stack.call("list_inbox", query=query, citizen=CITIZEN)).body
        for item in page["items"]:
            opened = await stack.call("read_message", path={"id": item["id"]}, citizen=CITIZEN)
            assert opened.status == 200
            messages[item["id"]] = opened.body
        if "next" not in page:
            return messages
        query["maximum_id"] = page["next"]
