"""The paths of files cost a limited number of operations (design, section 5)."""

from functions.queues.attachments import check_attachment
from lib.ports.queueing.names import ATTACHMENT_UPLOADED
from tests.doubles.counted_stack import CountedStack
from tests.functions.attachments.file_calls import (
    PDF,
    announced,
    complete,
    create,
    deliver,
    download,
    put,
    ready,
    send,
)
from tests.functions.documents.kept_calls import content, keep, listed
from tests.stack import take


async def test_upload_and_check_a_file(counted: CountedStack) -> None:
    """A file costs 3 writes and 1 item, however many parts it has; each part costs 1 read."""
    await ready(counted)
    counted.reset()
    id_ = (await create(counted, announced(PDF))).body["id"]
    assert (counted.documents, counted.queues) == ({"create": 1}, {})
    counted.reset()
    await put(counted, id_, 1, PDF)
    assert (counted.documents, counted.queues) == ({"read": 1}, {})
    counted.reset()
    await complete(counted, id_)
    assert (counted.documents, counted.queues) == ({"read": 2, "replace": 1}, {"put": 1})
    (item,) = await take(counted.queue, ATTACHMENT_UPLOADED)
    counted.reset()
    await check_attachment.consume(counted.app, item.text, last=False)
    assert (counted.documents, counted.queues) == ({"read": 2, "replace": 1}, {})


async def test_send_and_read_a_file(counted: CountedStack) -> None:
    """A file costs a submission 2 reads and 1 replace, and its citizen 2 reads."""
    file, more = await ready(counted), await ready(counted)
    await listed(counted)
    counted.reset()
    assert (await send(counted, file)).status == 201
    assert counted.documents == {"read": 2, "replace": 1, "create": 1}
    assert counted.queues == {"put": 1}

    id_ = await deliver(counted, more)
    counted.reset()
    assert (await download(counted, id_, more)).status == 200
    assert (counted.documents, counted.queues) == ({"read": 2}, {})
    counted.reset()
    assert (await keep(counted, more, message_id=id_)).status == 200
    assert counted.documents == {"read": 3, "upsert": 1}
    counted.reset()
    assert (await listed(counted)).status == 200
    assert counted.documents == {"query": 1}
    counted.reset()
    assert (await content(counted, more)).status == 200
    assert (counted.documents, counted.queues) == ({"read": 2}, {})
