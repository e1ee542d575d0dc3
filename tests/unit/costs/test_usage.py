"""The paths of a message: each is measured, and has its weight in the mean message."""

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.declared import CONSUMERS, TIMERS
from infra.costs.measuring.paths import measure
from infra.costs.measuring.runs import Paths
from infra.costs.model import batches, usage
from infra.costs.model.data import Data

pytestmark = pytest.mark.slow


def test_longer_messages_cost_more(data: Data, paths: Paths) -> None:
    """The model measures sizes: ten times the text is stored and costs more."""
    longer = measure(characters=8000, page_items=1)

    for path in ("submit plain", "fan out plain"):
        (more, less) = (usage.path_units(data, found[path]) for found in (longer, paths))
        assert more["messages"] > less["messages"]


def test_a_page_loads_its_documents(paths: Paths) -> None:
    """A page of 20 loads 20: the store tells whether there is a next page."""
    assert len(paths["inbox"].documents[0].sizes) == 20


def test_each_message_is_submitted_and_fanned_out_once(data: Data) -> None:
    """The shares of the paths add up to one."""
    found = usage.weights(data)

    for start in ("submit p", "fan out"):
        assert sum(share for name, share in found.items() if name.startswith(start)) == 1
    delivered = found["fan out plain"] + found["fan out payment"]
    assert delivered == 1 - data.assumptions["rejected_share"]


NOT_BY_THE_MESSAGE = {
    "submit first of a minute",
    "dead letter",
    "counters",
    "search",
    "search without index",
    "index of words",
}
"""Once a minute, after a fault, and what IO's app does not ask for."""
URGENT = "batch chunk urgent"
"""Its rows cost what those of other chunks cost."""


def test_every_path_is_in_the_bill(data: Data, paths: Paths) -> None:
    """Each measured path has a weight, except the ticks of timers, and each weight is measured.

    The paths of batches are weighted in the comparison with single messages.
    """
    weighted = usage.weights(data)
    measured = {name.partition(" > ")[0] for name in paths}

    by_the_message = {name for name in measured if not name.startswith(("tick ", "batch "))}
    assert by_the_message - NOT_BY_THE_MESSAGE == set(weighted)
    of_batches = {name for name in batches.in_batches(data) if name.startswith("batch ")}
    assert {name for name in measured if name.startswith("batch ")} == {*of_batches, URGENT}
    assert {f"tick {timer.name}" for timer in TIMERS} <= measured


def test_every_queue_function_is_measured_or_named(paths: Paths) -> None:
    """A new queue function is priced, or listed here with the reason why it is too rare."""
    rare = {
        "send_validation_email": "once in a citizen's life",
        "notify_former_address": "once in a citizen's life",
        "check_application": "once in an organisation's life",
        "follow_service_change": "once for each change of a service",
        "count_sender_event": "after an outage of the statistics",
        "recall_messages": "once for each 500 messages of a recall",
        "process_user_data": "once for each copy of a citizen's data",
        "erase_citizen": "once in a citizen's life",
        "check_attachment": "once for each file that a sender uploads",
        "note_accesses": "once for each 1,000 citizens of a look at many",
    }
    ran = {run.function for run in paths.values()}

    assert {consumer.name for consumer in CONSUMERS} - rare.keys() <= ran


def test_four_reminders_of_each_notice_are_in_the_bill(data: Data, paths: Paths) -> None:
    """40 % ask for a payment and 5 % are rejected: 1.52 reminders for each message."""
    assert usage.reminders(data) == Decimal("1.52")
    less = data.assumptions.changed({"reminders_of_a_notice": Decimal(0)})
    without = usage.usage(replace(data, assumptions=less), paths)
    mean = usage.usage(data, paths)

    assert mean.executions["process_due_reminder"] == Decimal("1.52")
    assert "process_due_reminder" not in without.executions
    assert mean.all_units > without.all_units + 50


def test_a_path_run_twice_uses_twice(data: Data, paths: Paths) -> None:
    """The mean is linear in the weights of the paths."""
    once = usage.usage(data, paths, {"fan out plain": Decimal(1)})
    twice = usage.usage(data, paths, {"fan out plain": Decimal(2)})

    assert twice.all_units == 2 * once.all_units
    assert twice.operations == 2 * once.operations == 18
