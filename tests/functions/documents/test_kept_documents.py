"""A citizen keeps documents of messages, under titles of their own."""

import asyncio

import pytest

from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.attachments.file_calls import PDF, announced, deliver, ready
from tests.functions.documents.kept_calls import content, keep, listed, remove
from tests.stack import Stack


async def test_a_document_is_kept_listed_renamed_and_removed(stack: Stack) -> None:
    """Each request may come again."""
    file = await ready(stack)
    id_ = await deliver(stack, file)

    first = await keep(stack, file, message_id=id_)
    assert (first.status, first.body) == (
        200,
        {
            **announced(PDF),
            "id": file,
            "content_type": "application/pdf",
            "title": "Tassa sui rifiuti",
            "message_id": id_,
            "sender": first.body["sender"],
            "kept_at": "2026-11-23T09:00:00.000Z",
        },
    )
    assert (await keep(stack, file, message_id=id_)).body == first.body
    renamed = await keep(stack, file, title="TARI 2027")
    assert renamed.body == {**first.body, "title": "TARI 2027"}
    # the same request as the first one gives no title, so the title stays
    assert (await keep(stack, file, message_id=id_)).body == renamed.body
    assert (await listed(stack)).body == {"items": [renamed.body]}
    assert (await content(stack, file, "bytes=0-3")).body == b"%PDF"

    assert (await remove(stack, file)).status == 204
    assert (await remove(stack, file)).status == 404
    assert (await listed(stack)).body == {"items": []}


async def test_the_archive_is_listed_in_pages(stack: Stack) -> None:
    """The newest file first, each once."""
    files = [await ready(stack) for _ in range(5)]
    id_ = await deliver(stack, *files)
    await asyncio.gather(*(keep(stack, one, message_id=id_) for one in files))

    seen, before = list[str](), dict[str, str]()
    while True:
        page = (await listed(stack, page_size="2", **before)).body
        seen += [one["id"] for one in page["items"]]
        if "next" not in page:
            break
        before = {"before": page["next"]}

    assert seen == sorted(files, reverse=True)


async def test_nobody_else_has_it(stack: Stack) -> None:
    """Another citizen neither keeps it nor reads it."""
    file = await ready(stack)
    id_ = await deliver(stack, file)
    await keep(stack, file, message_id=id_)

    assert (await keep(stack, file, OTHER_CITIZEN, message_id=id_)).status == 404
    assert (await keep(stack, file, OTHER_CITIZEN)).status == 404
    assert (await content(stack, file, citizen=OTHER_CITIZEN)).status == 404
    assert (await remove(stack, file, OTHER_CITIZEN)).status == 404
    assert (await listed(stack, OTHER_CITIZEN)).body == {"items": []}


@pytest.mark.parametrize(
    "body", [{"title": ""}, {"title": "a\nb"}, {"title": "x" * 121}, {"a": "1"}]
)
async def test_a_wrong_title_is_refused(stack: Stack, body: dict[str, str]) -> None:
    """It is one line."""
    assert (await keep(stack, "01J0000000000000000000000A", **body)).status == 400
