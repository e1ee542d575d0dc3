"""A row of a batch costs less than a message that is sent alone."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from infra.costs.measuring.runs import Paths
from infra.costs.model import usage
from infra.costs.model.batches import in_batches, microcents, sendings
from infra.costs.model.data import Data
from infra.costs.model.deployment import read_deployment
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS
from lib.domain.messages.checks.cost import MICROCENTS_OF_MESSAGE, MICROCENTS_OF_ROW
from lib.ports.schema.batches import BATCH_CHUNKS
from lib.ports.schema.messages import CONTENTS

pytestmark = pytest.mark.slow

VOLUME = Decimal(10_000_000)
SETS = tuple(map(read_deployment, ("small", "production")))


def test_a_row_uses_less_of_everything_but_blobs(data: Data, paths: Paths) -> None:
    """Queue items, executions and reads of keys are shared by the rows."""
    single, batch = (one.sent for one in sendings(data, paths, VOLUME, SETS[1]))

    assert batch.all_units < single.all_units
    assert batch.operations < single.operations
    assert batch.queue_operations < single.queue_operations / 100
    assert batch.all_executions < single.all_executions / 50
    assert single.blob_writes == 0
    assert 0 < batch.blob_writes < Decimal("0.1")


def test_a_chunk_is_each_row_and_what_rows_share(data: Data, paths: Paths) -> None:
    """A plain row is a message, an entry of the list and a claim; the text is stored before."""
    run = paths["batch chunk plain"]
    kinds = [one.kind for one in run.documents]

    assert kinds.count("create") - 3 * CHUNK_ROWS in range(10)
    assert kinds.count("query") - CHUNK_ROWS in range(3)
    assert CONTENTS.name not in {one.container for one in run.documents}
    assert BATCH_CHUNKS.name in {one.container for one in run.documents}
    # rows are sent at the same time, so the order differs
    urgent = Counter(one.kind for one in paths["batch chunk urgent"].documents)
    assert urgent == Counter(kinds)


def test_the_estimates_are_those_of_the_model(data: Data, paths: Paths) -> None:
    """The two figures that senders are told stay within a tenth of what the model computes."""
    message, row = microcents(data, paths, VOLUME, SETS)

    assert message == pytest.approx(MICROCENTS_OF_MESSAGE, rel=0.1)
    assert row == pytest.approx(MICROCENTS_OF_ROW, rel=0.1)
    assert MICROCENTS_OF_ROW < MICROCENTS_OF_MESSAGE


def test_small_batches_cost_more_for_each_row(data: Data, paths: Paths) -> None:
    """The fixed part of a batch is that of its rows together."""
    ten = data.assumptions.changed({"rows_of_a_batch": Decimal(10)})
    few, many = (
        usage.usage(one, paths, in_batches(one)).all_units
        for one in (replace(data, assumptions=ten), data)
    )
    assert few > many + 10


def test_a_long_execution_is_billed_as_long_as_its_cpu_takes(data: Data, paths: Paths) -> None:
    """A chunk takes more than the shortest billed time."""
    quick = replace(data, cpu=data.cpu.changed({"send_chunk": Decimal(1)}))
    slow, fast = (sendings(one, paths, VOLUME, SETS[1])[1].total for one in (data, quick))
    assert slow > fast
