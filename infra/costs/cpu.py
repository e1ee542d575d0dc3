"""CPU milliseconds of each execution on this machine: an input, measured when asked for."""

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from functions.queues.message_submitted import fan_out_message
from functions.queues.notification_requested import send_notification
from infra.costs.data import FILE
from infra.costs.lab import Lab
from infra.costs.paths import a_message
from infra.local.sandbox_seed import CITIZEN

TIMES: Final = 300
_CENT: Final = Decimal("0.01")


async def _milliseconds(run: Callable[[], Awaitable[object]], times: int = TIMES) -> Decimal:
    """Return the process time of one run, the mean of so many."""
    started = time.process_time_ns()
    for _ in range(times):
        await run()
    spent = Decimal(time.process_time_ns() - started) / times / 1_000_000
    return spent.quantize(_CENT)


async def _measure(folder: Path, characters: int) -> dict[str, Decimal]:
    async with Lab(folder, bare=True) as lab:
        message = a_message(characters, {})
        first = await lab.call("submit_message", message)
        path = {"id": str(first.body["id"])}
        sent = {**path, "fiscal_code": CITIZEN}
        page = {"page_size": "20", "enrich_result_data": "true"}
        reading = {"change_type": "reading", "is_read": True}
        found = {"submit": await _milliseconds(lambda: lab.call("submit_message", message))}
        batches = TIMES // 32
        for name, consumer in (("fan_out", fan_out_message), ("notify", send_notification)):
            spent = await _milliseconds(lambda consumer=consumer: lab.run(consumer), batches)  # type: ignore[misc]  # bound in the loop
            found[name] = (spent / 32).quantize(_CENT)
        return found | {
            "inbox": await _milliseconds(
                lambda: lab.call("list_inbox", query=page, citizen=CITIZEN)
            ),
            "open": await _milliseconds(
                lambda: lab.call("read_message", path=path, citizen=CITIZEN)
            ),
            "mark": await _milliseconds(
                lambda: lab.call("change_message_status", reading, path=path, citizen=CITIZEN)
            ),
            "status": await _milliseconds(lambda: lab.call("read_sent_message", path=sent)),
        }


def measure_cpu(characters: int) -> dict[str, Decimal]:
    """Return the milliseconds of one execution by name; raise OSError."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), characters))


def with_cpu(text: str, found: dict[str, Decimal], today: date) -> str:
    """Return the data file's text with these milliseconds."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    how = f"process time, mean of {TIMES} executions, {python}, shared cores"
    lines = [f"date = {today}", f'how = "{how}"', *(f"{key} = {ms}" for key, ms in found.items())]
    section = "\n".join(["[cpu_milliseconds]", *lines, "", ""])
    return re.sub(r"\[cpu_milliseconds\]\n(?:.+\n)+\n", section, text)


def write_cpu(characters: int) -> None:
    """Measure, and write the data file; raise OSError."""
    today = datetime.fromtimestamp(time.time(), UTC).date()
    FILE.write_text(with_cpu(FILE.read_text(), measure_cpu(characters), today))
