"""Run the paths of a message on the app and measure them."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from functions.queues.messages import fan_out_message
from infra.costs.measuring.batches import measure_batches
from infra.costs.measuring.lab import Lab
from infra.costs.measuring.later import measure_later
from infra.costs.measuring.reading import measure_reading, measure_searches
from infra.costs.measuring.runs import CONTENTS, HTTP, Measuring, Paths
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, LIMITED_SERVICE_ID, SERVICE_ID
from lib.repositories.limits.call_counts import CallCounts, first_slot
from lib.use_cases.profiles.feed.announce_switch import LATER

_WITHOUT_PROFILE: Final = "NOPROF00A00A000A"
_PERIOD: Final = 60_000_000
"""The number of a half minute."""


async def _sent(measuring: Measuring) -> None:
    """Measure a sender's messages: acceptance, fan-out with its push, rejection, failure."""
    await measuring.submit("submit first of a minute", {})
    await measuring.settle()
    for content, fields in CONTENTS.items():
        measuring.lab.next_day()
        await measuring.submit(f"submit {content}, key", fields)
        await measuring.consume(f"fan out {content}", fan_out_message)
        await measuring.settle()
        await measuring.submit(f"submit {content}", fields)
        await measuring.settle()
    await measuring.submit("submit plain", {}, _WITHOUT_PROFILE)
    await measuring.consume("fan out rejected", fan_out_message)
    await measuring.submit("submit plain", {})
    await measuring.note("dead letter", "poison", lambda: measuring.lab.poison(fan_out_message))


async def _in_background(measuring: Measuring) -> None:
    """Measure what a process does beside the calls: it lists accepted messages, counts calls."""
    lab = measuring.lab
    await measuring.submit("submit plain", {})
    await measuring.settle()
    await lab.app.messages.note_sent.store()
    # the fan-out came first, as it usually does
    await measuring.note("list accepted", "", lab.app.messages.note_sent.store)
    counts = lab.app.repositories.call_counts
    calls = {first_slot(_PERIOD): 2, first_slot(_PERIOD) + 1: 2}
    await measuring.note("first report of calls", "", lambda: _reported(counts, calls, joins=True))
    await measuring.note("report calls", "", lambda: _reported(counts, calls, joins=False))


async def _reported(counts: CallCounts, calls: Mapping[int, int], *, joins: bool) -> None:
    """Report calls of the sandbox's sender; the first report reads the half minute before too."""
    await counts.add(SERVICE_ID, _PERIOD, calls, joins=joins, warns=False)
    if joins:
        await counts.read(SERVICE_ID, _PERIOD - 1)


async def _emailed(measuring: Measuring) -> None:
    """Measure the work for an e-mail in addition to a push.

    An e-mail goes before it, since a process reads the logo of a sender once an hour.
    """
    for path in ("", "e-mail"):
        measuring.lab.next_day()
        await measuring.submit("submit plain", {}, EMAIL_CITIZEN)
        await measuring.lab.run(fan_out_message)
        await measuring.settle(path)


async def _chosen(measuring: Measuring) -> None:
    """Measure a choice for a service, and the entry of the subscriptions feed that it makes."""
    choice = {
        "is_inbox_enabled": False,
        "is_email_enabled": False,
        "is_webhook_enabled": False,
        "settings_version": 0,
    }
    # a service that sends none of the measured messages
    path = {"service_id": LIMITED_SERVICE_ID}
    call = measuring.lab.call
    await measuring.note(
        "choose",
        HTTP,
        lambda: call("change_service_preference", choice, path=path, citizen=CITIZEN),
    )
    measuring.lab.advance(measuring.lab.clock.moment + LATER)
    await measuring.settle("choose > settled")


async def _measure(folder: Path, characters: int, page_items: int) -> Paths:
    async with Lab(folder) as lab:
        measuring = Measuring(lab, characters)
        await _sent(measuring)
        await _emailed(measuring)
        await measure_reading(measuring, page_items)
        await _chosen(measuring)
        await measure_later(measuring)
        await _in_background(measuring)
        await measure_batches(measuring)
        await measure_searches(measuring)
        return measuring.paths


def measure(*, characters: int, page_items: int) -> Paths:
    """Run every path once on a stack in a new folder; raise MeasureError, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), characters, page_items))
