"""A request goes its way from PENDING to CLOSED, whatever is repeated, late, lost or killed."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from functions.queues.personal_data import process_user_data
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.domain.personal_data.data_request import DataRequest
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import USER_DATA_REQUESTED
from lib.repositories.personal_data import archives
from lib.repositories.personal_data.archives import ARCHIVES
from lib.repositories.personal_data.data_requests import DataRequests
from lib.use_cases.attachments import read_file
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.personal_data.data_calls import archive_of, ask, download, state
from tests.stack import Stack, refusal, take

DAY = timedelta(days=1)


async def name_of(stack: Stack, citizen: str = CITIZEN) -> str:
    """Return the secret name of the archive."""
    stored = await DataRequests(stack.store).get(citizen)
    assert stored is not None
    assert stored.request.archive is not None
    return stored.request.archive.partition("/")[0]


async def test_a_request_is_taken_made_and_told(stack: Stack) -> None:
    """In IO's shape; the version counts the requests."""
    asked = await ask(stack)
    assert (asked.status, asked.body) == (
        200,
        {
            "choice": "DOWNLOAD",
            "status": "PENDING",
            "version": 0,
            "created_at": asked.body["created_at"],
            "updated_at": asked.body["created_at"],
        },
    )
    assert await state(stack) == asked.body
    assert (await download(stack)).status == 404

    await stack.drain()

    assert (await state(stack))["status"] == "CLOSED"
    reply = await download(stack)
    assert reply.headers["content-type"] == "application/zip"
    assert reply.headers["content-disposition"] == 'attachment; filename="recapito.zip"'
    (push,) = stack.push.sent
    assert (push.title, push.message_id) == ("I tuoi dati sono pronti", "")


async def test_an_open_request_allows_no_second(stack: Stack) -> None:
    """Until it is closed; of several at once one is taken."""
    replies = await asyncio.gather(*(ask(stack) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    assert refusal(await ask(stack))[:2] == (409, "Conflict")
    await stack.drain()

    second = await ask(stack)
    assert (second.status, second.body["version"]) == (200, 1)
    assert (await download(stack)).status == 404
    await stack.drain()
    assert (await download(stack)).status == 200


@pytest.mark.parametrize("body", [{}, {"choice": "OTHER"}, {"choice": None}])
async def test_a_wrong_choice_is_refused(stack: Stack, body: Any) -> None:
    """And nothing is stored."""
    reply = await stack.call("request_user_data", body, citizen=CITIZEN)
    assert refusal(reply)[:2] == (400, "Invalid UserDataProcessingChoiceRequest")
    path = {"choice": "DOWNLOAD"}
    read = await stack.call("read_user_data_request", path=path, citizen=CITIZEN)
    assert refusal(read)[:2] == (404, "Not found")


async def test_the_citizen_is_told_once_by_push_and_by_mail(stack: Stack) -> None:
    """Also where the items come twice, and late."""
    await archive_of(stack, EMAIL_CITIZEN)
    stack.clock.moment += timedelta(minutes=5)
    await stack.drain()

    (push,) = stack.push.sent
    (mail,) = stack.mailer.sent
    assert mail.subject == push.title == "I tuoi dati sono pronti"
    assert EMAIL_CITIZEN not in mail.text + mail.html + push.body


async def test_an_archive_expires_and_is_deleted(stack: Stack) -> None:
    """After three days it cannot be downloaded, a day later it is gone."""
    await archive_of(stack)
    name = await name_of(stack)
    stack.clock.moment += 3 * DAY - timedelta(seconds=1)
    assert (await download(stack)).status == 200
    stack.clock.moment += timedelta(seconds=1)
    assert refusal(await download(stack))[:2] == (404, "Archive not found")
    assert await stack.app.ports.blobs.names(ARCHIVES, name, 10)

    await stack.live_until(stack.clock.moment + DAY + timedelta(hours=1))

    assert not await stack.app.ports.blobs.names(ARCHIVES, name, 10)
    assert (await state(stack))["status"] == "CLOSED"


async def test_a_call_that_died_after_the_write_is_finished(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first item was queued before, and becomes visible a minute later."""
    put, calls = stack.queue.put, []

    async def once(queue: str, text: str, **more: Any) -> None:
        calls.append(queue)
        if len(calls) > 1:
            raise UnavailableError("the process died")
        await put(queue, text, **more)

    monkeypatch.setattr(stack.queue, "put", once)
    assert (await ask(stack)).status == 200
    monkeypatch.undo()
    await stack.drain()
    assert (await state(stack))["status"] == "PENDING"

    stack.clock.moment += timedelta(minutes=2)
    await stack.drain()

    assert (await state(stack))["status"] == "CLOSED"
    assert len(stack.push.sent) == 1


@pytest.mark.parametrize("broken", ["put", "write"])
async def test_a_run_that_died_is_repeated_and_leaves_one_archive(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """After the archive was stored, or before the request was closed."""
    await ask(stack)
    writes = DataRequests.write

    async def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    async def second_write_dies(
        self: DataRequests, code: str, request: DataRequest, etag: str | None
    ) -> str:
        if request.status == "CLOSED":
            raise KeyboardInterrupt
        return await writes(self, code, request, etag)

    if broken == "put":
        monkeypatch.setattr(stack.app.ports.blobs, "put", dies)
    else:
        monkeypatch.setattr(DataRequests, "write", second_write_dies)
    with pytest.raises(KeyboardInterrupt):
        await stack.drain()
    monkeypatch.undo()
    name = await name_of(stack)
    assert (await state(stack))["status"] == "WIP"
    assert (await ask(stack)).status == 409

    stack.clock.moment += timedelta(minutes=15)
    await stack.drain()

    assert (await state(stack))["status"] == "CLOSED"
    assert await name_of(stack) == name
    assert (await download(stack)).status == 200


async def test_two_runs_at_a_time_leave_one_whole_archive(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second item comes a minute later, when the first run may still store other data."""
    for module in (archives, read_file):
        monkeypatch.setattr(module, "PART_BYTES", 1000)
    await ask(stack)
    (item,) = await take(stack.queue, USER_DATA_REQUESTED)
    blobs, runs = stack.app.ports.blobs, list[str]()
    put = blobs.put

    async def overtaken(container: str, name: str, content: bytes, **more: Any) -> None:
        if name.endswith("/0002") and not runs:
            runs.append(await stack.deliver(fiscal_code=CITIZEN))
            await process_user_data.consume(stack.app, item.text, last=False)
        await put(container, name, content, **more)

    monkeypatch.setattr(blobs, "put", overtaken)
    await process_user_data.consume(stack.app, item.text, last=False)

    with ZipFile(BytesIO((await download(stack)).body)) as file:
        assert file.testzip() is None
        assert f"messages/{runs[0]}/message.json" in file.namelist()


async def test_a_request_that_nobody_finishes_fails_after_a_day(stack: Stack) -> None:
    """Then the citizen may ask again; late items of the former request do nothing."""
    await ask(stack)
    former = await stack.queue.receive(
        USER_DATA_REQUESTED, limit=32, visibility_timeout=timedelta(days=2)
    )
    assert former
    stack.clock.moment += DAY + timedelta(minutes=1)
    assert (await state(stack))["status"] == "FAILED"

    again = await ask(stack)
    assert (again.status, again.body["version"]) == (200, 1)
    await stack.drain()

    assert (await state(stack))["status"] == "CLOSED"
    assert len(stack.push.sent) == 1


async def test_each_citizen_has_an_own_archive(stack: Stack) -> None:
    """Nobody downloads another's."""
    await archive_of(stack)

    assert (await download(stack, OTHER_CITIZEN)).status == 404
