"""Measure the requests of the citizen's app, and its searches."""

from collections.abc import Awaitable, Callable
from typing import Final

from functions.queues.messages import fan_out_message
from infra.costs.measuring.lab import Reply
from infra.costs.measuring.runs import CONTENTS, HTTP, Measuring
from infra.local.sandbox.seed import CITIZEN
from lib.ports.documents import Document
from lib.use_cases.inbox.search_inbox import FEW_FRESH

_READING: Final[Document] = {"change_type": "reading", "is_read": True}
_ARCHIVING: Final[Document] = {"change_type": "archiving", "is_archived": True}
_DEVICE: Final[Document] = {"platform": "apns", "pushChannel": "a-token-of-the-platform"}


async def measure_reading(measuring: Measuring, page_items: int) -> None:
    """Measure the requests of the citizen's app, and the sender's request of the status."""
    for _ in range(page_items):
        id_ = await measuring.submit("submit plain", {})
        await measuring.lab.run(fan_out_message)
    call, path = measuring.lab.call, {"id": id_}
    page = {"page_size": str(page_items), "enrich_result_data": "true"}
    sent, device = {"id": id_, "fiscal_code": CITIZEN}, {"installation_id": "a-phone"}
    await call("register_installation", _DEVICE, path=device, citizen=CITIZEN)
    await measuring.settle()
    steps: dict[str, Callable[[], Awaitable[Reply]]] = {
        "profile": lambda: call("read_profile", citizen=CITIZEN),
        "register device": lambda: call(
            "register_installation", _DEVICE, path=device, citizen=CITIZEN
        ),
        "counters": lambda: call("count_inbox", citizen=CITIZEN),
        "inbox": lambda: call("list_inbox", query=page, citizen=CITIZEN),
        "open": lambda: call("read_message", path=path, citizen=CITIZEN),
        "mark": lambda: call("change_message_status", _READING, path=path, citizen=CITIZEN),
        "archive": lambda: call("change_message_status", _ARCHIVING, path=path, citizen=CITIZEN),
        "status": lambda: call("read_sent_message", path=sent),
    }
    for name, step in steps.items():
        await measuring.note(name, HTTP, step)
        if await measuring.lab.waiting():
            await measuring.settle(f"{name} > settled")
    await _counted(measuring)


async def _counted(measuring: Measuring) -> None:
    """Measure the reading of a message with a payment, which its sender's statistics count."""
    id_ = await measuring.submit("submit payment", CONTENTS["payment"])
    await measuring.settle()
    call = measuring.lab.call
    await measuring.note(
        "mark payment",
        HTTP,
        lambda: call("change_message_status", _READING, path={"id": id_}, citizen=CITIZEN),
    )


async def measure_searches(measuring: Measuring) -> None:
    """Measure searches in an inbox that is large enough for an index of words."""
    for _ in range(FEW_FRESH):
        await measuring.submit("submit plain", {})
        await measuring.lab.run(fan_out_message)
    body = {"filter": {"q": "tassa rif"}, "page_size": 20}
    for name in ("search without index", "search"):
        await measuring.note(
            name, HTTP, lambda: measuring.lab.call("search_inbox", body, citizen=CITIZEN)
        )
        if await measuring.lab.waiting():
            await measuring.settle("index of words")
            measuring.lab.next_day()
