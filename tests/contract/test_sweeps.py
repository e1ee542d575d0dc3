"""The contract of DocumentStore: looks through all partitions."""

from dataclasses import replace
from typing import Any

import pytest

from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.errors import LimitError
from tests.contract.support import NOTES, a_note

DUE = Sweep((Condition("look_at", "<", "2027"),), limit=100, fields=("id", "owner", "look_at"))


async def fill(store: DocumentStore, owner: str) -> None:
    """Create notes of three owners, some of which a sweep finds."""
    for number, moment in enumerate(("2026", "2026-05", "2027", "2028", None, 3)):
        note = a_note(f"{owner}-{number % 3}", f"{owner}-n{number}", look_at=moment)
        await store.create(NOTES, note)
    await store.create(NOTES, a_note(owner, f"{owner}-plain"))


async def found(store: DocumentStore, owner: str, sweep: Sweep) -> list[str]:
    """Return the notes of this test that the sweep finds."""
    items = await store.sweep(NOTES, sweep)
    assert len(items) <= sweep.limit
    return sorted(one["id"].removeprefix(f"{owner}-") for one in items if owner in one["id"])


async def test_a_sweep_finds_in_all_partitions(store: DocumentStore, owner: str) -> None:
    """A sweep finds the documents that satisfy its conditions, with the named fields."""
    await fill(store, owner)

    assert await found(store, owner, DUE) == ["n0", "n1"]
    late = replace(DUE, where=(Condition("look_at", ">", "2026"), *DUE.where))
    assert await found(store, owner, late) == ["n1"]
    first = replace(DUE, where=(*DUE.where, Condition("id", "<", f"{owner}-n1")))
    (item,) = await store.sweep(NOTES, first)
    assert item == {"id": f"{owner}-n0", "owner": f"{owner}-0", "look_at": "2026"}
    assert len(await store.sweep(NOTES, replace(DUE, limit=1))) == 1


async def test_a_sweep_leaves_out_the_given_groups(store: DocumentStore, owner: str) -> None:
    """Each group of conditions leaves documents out; a document without the field stays."""
    await fill(store, owner)
    marked = {"seen_at": "2026-07", "by": "a"}
    for number, marks in ((0, marked), (1, {"seen_at": 7})):
        partition, id_ = f"{owner}-{number % 3}", f"{owner}-n{number}"
        stored = (await store.read(NOTES, partition, id_)).document
        await store.replace(NOTES, {**stored, **marks})
    recently = (Condition("seen_at", ">=", "2026-06"), Condition("seen_at", "<=", "2026-08"))

    assert await found(store, owner, replace(DUE, unless=(recently,))) == ["n1"]
    earlier = (Condition("seen_at", "<", "2026-06"),)
    assert await found(store, owner, replace(DUE, unless=(earlier,))) == ["n0", "n1"]
    by_a = (Condition("by", "=", "a"),)
    assert await found(store, owner, replace(DUE, unless=(earlier, by_a))) == ["n1"]


async def test_a_sweep_looks_into_objects(store: DocumentStore, owner: str) -> None:
    """It finds a value of an object, and leaves out documents of another shape."""
    person = f"{owner}-person"
    shapes: tuple[Any, ...] = ({"person": person}, {"person": "other"}, person, None)
    for number, shape in enumerate(shapes):
        await store.create(NOTES, a_note(f"{owner}-{number}", f"{owner}-n{number}", about=shape))
    await store.create(NOTES, a_note(owner, f"{owner}-plain"))
    about = replace(DUE, where=(Condition("about.person", "=", person),))

    assert await found(store, owner, about) == ["n0"]
    await store.replace(NOTES, a_note(f"{owner}-0", f"{owner}-n0", about={"person": "other"}))
    assert await found(store, owner, about) == []


async def test_a_sweep_finds_the_item_of_a_list(store: DocumentStore, owner: str) -> None:
    """It finds a list that the erasure of the container names, also inside an object."""
    reader = f"{owner}-reader"
    lists: tuple[Any, ...] = (["a", reader], [], [f"{reader}s"], None)
    for number, readers in enumerate(lists):
        await store.create(NOTES, a_note(owner, f"{owner}-n{number}", readers=readers))
        inside = a_note(owner, f"{owner}-i{number}", about={"readers": readers})
        await store.create(NOTES, inside)

    for field, expected in (("readers", ["n0"]), ("about.readers", ["i0"])):
        sweep = replace(DUE, where=(Condition(field, "has", reader),))
        assert await found(store, owner, sweep) == expected


@pytest.mark.parametrize(
    "sweep",
    [
        replace(DUE, where=(Condition("others", "has", "x"),)),
        replace(DUE, where=(Condition("readers", "has", "x"), *DUE.where)),
        replace(DUE, where=(Condition("look_at", "has", "x"),)),
        replace(DUE, where=()),
        replace(DUE, where=(Condition("rank", "=", 1),)),
        replace(DUE, where=(Condition("id", "<", "x"),)),
        replace(DUE, limit=0),
        replace(DUE, limit=1001),
        replace(DUE, unless=((),)),
        replace(DUE, unless=((Condition("rank", "=", 1),),)),
    ],
)
async def test_a_sweep_without_an_index_is_refused(store: DocumentStore, sweep: Sweep) -> None:
    """Such a sweep would read every document."""
    with pytest.raises(LimitError):
        await store.sweep(NOTES, sweep)
