"""The contract of DocumentStore: queries by the texts of a list."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.adapters.embedded.sqlite.statements import words as sqlite_words
from lib.ports.documents import Condition, DocumentStore, PatchOperation, Query
from lib.ports.errors import LimitError
from tests.contract.support import NOTES, PAPERS

_WORDS = ("imu", "imposta", "tari", "tassa", "tar", "a\U0001f600", "à", '"', "ta_i", "ta%")


async def put(store: DocumentStore, owner: str, id_: str, *words: Any) -> None:
    """Store a document with a list of words."""
    await store.upsert(PAPERS, {"id": id_, "owner": owner, "words": list(words)})


async def found(store: DocumentStore, query: Query) -> list[str]:
    """Follow the continuations and return the ids."""
    ids: list[str] = []
    while True:
        page = await store.query(PAPERS, query)
        assert len(page.items) <= query.limit
        ids += [item["id"] for item in page.items]
        if page.continuation is None:
            return ids
        query = replace(query, continuation=page.continuation)


async def test_documents_have_all_words_and_one_with_the_prefix(
    store: DocumentStore, owner: str
) -> None:
    """Whole words match whole words; texts alone are searched, in their own partition."""
    await put(store, owner, "a", "tari", "comune")
    await put(store, owner, "b", "tari", "tarsu", "scuola")
    await put(store, owner, "c", "tar", 7, None, ["tari"])
    await put(store, f"{owner}-2", "d", "tari")
    await store.create(PAPERS, {"id": "e", "owner": owner})
    cases = {
        (("tari",), ""): ["a", "b"],
        (("tari", "comune"), ""): ["a"],
        ((), "tar"): ["a", "b", "c"],
        (("tari",), "s"): ["b"],
        (("comune",), "scuola"): [],
        (("TARI",), ""): [],
        ((), "7"): [],
    }
    for (words, prefix), expected in cases.items():
        query = Query(owner, 10, words=words, prefix=prefix)
        assert expected == await found(store, query), (words, prefix)


async def test_the_index_follows_each_write(store: DocumentStore, owner: str) -> None:
    """A document is found by its present words, and not after its deletion."""
    by_old, by_new = Query(owner, 10, words=("old",)), Query(owner, 10, words=("new",))
    await put(store, owner, "a", "old", "both")
    await put(store, owner, "a", "new", "both")
    assert [await found(store, by_old), await found(store, by_new)] == [[], ["a"]]

    await store.patch(PAPERS, owner, "a", (PatchOperation("set", "/words", ["old"]),))
    assert [await found(store, by_old), await found(store, by_new)] == [["a"], []]

    await store.delete(PAPERS, owner, "a")
    assert await found(store, by_old) == []


@given(data=st.data())
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("few", [0, 3, 1000])
async def test_pages_have_what_a_plain_search_finds(
    store: DocumentStore, owner: str, few: int, data: st.DataObject
) -> None:
    """With any words, prefix, bounds, direction and page size; by each plan of the engine."""
    papers = {
        f"{n:02}": data.draw(st.lists(st.sampled_from(_WORDS), unique=True, max_size=5))
        for n in range(12)
    }
    owner = f"{owner}-{data.draw(st.uuids())}"
    for id_, words in papers.items():
        await put(store, owner, id_, *words)
    wanted = data.draw(st.sets(st.sampled_from(_WORDS), max_size=2))
    prefix = data.draw(st.sampled_from(("", "t", "ta", "im", "a", "à", '"', "ta_")))
    above, below = data.draw(st.sampled_from(("", "03"))), data.draw(st.sampled_from(("09", "z")))
    is_descending = data.draw(st.booleans())
    expected = [
        id_
        for id_, words in papers.items()
        if wanted <= set(words)
        and (not prefix or any(word.startswith(prefix) for word in words))
        and above < id_ < below
    ]
    query = Query(
        owner,
        data.draw(st.integers(1, 5)),
        (Condition("id", ">", above), Condition("id", "<", below)),
        descending=is_descending,
        fields=("id",),
        words=tuple(wanted),
        prefix=prefix,
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite_words, "FEW", few)

        assert (expected[::-1] if is_descending else expected) == await found(store, query)


@pytest.mark.parametrize(
    "query",
    [
        Query("o", 1, words=("a",), order_by="rank"),
        Query("o", 1, (Condition("owner", "=", "o"),), words=("a",)),
        Query("o", 1, (Condition("id", ">", 1),), prefix="a"),
    ],
)
async def test_a_query_by_words_has_conditions_on_the_id_alone(
    store: DocumentStore, query: Query
) -> None:
    """Another order or another condition is refused."""
    with pytest.raises(LimitError):
        await store.query(PAPERS, query)


async def test_a_container_without_words_is_not_searched(store: DocumentStore) -> None:
    """Its declaration names no list."""
    with pytest.raises(LimitError):
        await store.query(NOTES, Query("o", 1, words=("a",)))
