"""Each container says how a citizen's data leaves it."""

import pytest

from lib.ports.documents import Container
from lib.ports.personal_data.erasure import NamesNobody, OwnPartition
from lib.ports.schema import CONTAINERS

CITIZEN = "fiscal_code"


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one.name)
def test_a_container_says_how_it_is_erased(container: Container) -> None:
    """By one of the ways that the port declares, and by one that its partition allows."""
    how = container.erasure
    assert how is not None, "say in lib/ports/schema.py how a citizen's data leaves it"
    if isinstance(how, NamesNobody):
        assert how.why
        assert CITIZEN not in {
            container.partition_key,
            *container.indexed,
            *container.swept,
            *(field for fields in container.composite for field in fields),
        }
    if isinstance(how, OwnPartition):
        assert container.partition_key == CITIZEN
        # a document that queries do not find is deleted by its id
        assert bool(how.ids) is not bool(container.composite)
