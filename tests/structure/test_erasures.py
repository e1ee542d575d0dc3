"""Each container says how a citizen's data leaves it."""

from pathlib import Path

import pytest

from lib.ports.documents import ByField, ByStep, Container, NamesNobody, OwnPartition
from lib.ports.schema.containers import CONTAINERS

LIB = Path(__file__).parents[2] / "lib"
STEPS = {path.stem for path in LIB.glob("*/personal_data/erasing/*.py")}
CITIZEN = "fiscal_code"


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one.name)
def test_a_container_says_how_it_is_erased(container: Container) -> None:
    """By one of the ways that the port declares, and by one that its partition allows."""
    how = container.erasure
    assert how is not None, "say in lib/ports/schema/ how a citizen's data leaves it"
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
    if isinstance(how, ByField):
        assert how.field in container.swept
    if isinstance(how, ByStep):
        assert how.name in STEPS
