"""The paths of templates cost a limited number of operations."""

from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.template_calls import delete, listed, preview, read, save


async def test_saving_a_template(counted: CountedStack) -> None:
    """A new one costs a read, a query and a batch; a version a read and a batch."""
    # the first query of a container reads what the container is
    await listed(counted)
    counted.reset()

    await save(counted)
    assert counted.documents == {"read": 1, "query": 1, "batch": 1}

    counted.reset()
    await save(counted, subject="Un altro oggetto")
    assert counted.documents == {"read": 1, "batch": 1}

    counted.reset()
    await save(counted, subject="Un altro oggetto")
    assert counted.documents == {"read": 1}


async def test_reading_templates(counted: CountedStack) -> None:
    """A template and a preview cost a read, the list a query, and a deletion one patch more."""
    await save(counted)
    counted.reset()

    await listed(counted)
    assert counted.documents == {"query": 1}
    await read(counted)
    await read(counted, version=1)
    await preview(counted)
    assert counted.documents == {"query": 1, "read": 3}
    await delete(counted)
    assert counted.documents == {"query": 1, "read": 4, "patch": 1}
    assert counted.queues == {}
