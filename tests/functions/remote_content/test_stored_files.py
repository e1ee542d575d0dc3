"""Files that are stored here, as IO's app reads them: among the attachments of a message."""

from datetime import timedelta
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.attachments.attachment import PART_BYTES
from lib.domain.shared.identifiers import MessageId
from tests.builders.files import a_large_pdf, a_p7m
from tests.builders.remote_content import TEST_USER
from tests.doubles.remote_hosts import MESSAGE, KeptHosts
from tests.functions.attachments.file_calls import PDF, ready
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Reply, Stack, refusal


async def with_files(stack: Stack, *ids: str, **changes: Any) -> MessageId:
    """Deliver a message that has stored files alone."""
    return await stack.deliver(fiscal_code=TEST_USER, attachments=list(ids), **changes)


async def opened(stack: Stack, id_: str) -> Any:
    """Return a message as its citizen reads it."""
    return (await stack.call("read_message", path={"id": id_}, citizen=TEST_USER)).body


async def stored(stack: Stack, id_: str, file: str, asked: str | None = None, **call: Any) -> Reply:
    """Ask for a stored file as IO's app asks for an attachment."""
    headers = {} if asked is None else {"range": asked}
    return await read(stack, "attachment", id_, url=file, headers=headers, **call)


def listed(id_: str, name: str, media_type: str) -> dict[str, str]:
    """Return a stored file as an attachment."""
    return {
        "id": id_,
        "url": id_,
        "name": name,
        "content_type": media_type,
        "category": "DOCUMENT",
    }


async def test_io_s_app_finds_and_downloads_stored_files(trial: tuple[Stack, KeptHosts]) -> None:
    """The message announces them in IO's member; no host is asked, at either base."""
    stack, hosts = trial
    signed = a_p7m()
    files = [await ready(stack), await ready(stack, signed, name="atto.pdf.p7m")]
    id_ = await with_files(stack, *files)

    message = await opened(stack, id_)
    assert message["content"]["third_party_data"] == {
        "id": id_,
        "has_attachments": True,
        "has_remote_content": False,
        "has_precondition": "NEVER",
    }
    reply = await read(stack, "message", id_)
    assert reply.body["third_party_message"] == {
        "attachments": [
            listed(files[0], "certificato.pdf", "application/pdf"),
            listed(files[1], "atto.pdf.p7m", "application/pkcs7-mime"),
        ],
        "details": {name: message["content"][name] for name in ("subject", "markdown")},
    }
    assert (await read(stack, "precondition", id_)).status == 204
    assert (await read(stack, "message_v1", id_)).body == reply.body
    for part in ("attachment", "attachment_v1"):
        got = await read(stack, part, id_, url=f"/{files[1]}")
        assert (got.status, got.body) == (200, signed)
    assert got.headers["content-disposition"] == f'attachment; filename="{files[1]}.p7m"'
    ranged = await stored(stack, id_, files[0], "bytes=5-9")
    assert (ranged.status, ranged.body) == (206, PDF[5:10])
    assert ranged.headers["Content-Range"] == f"bytes 5-9/{len(PDF)}"
    assert hosts.calls == []


async def test_a_host_s_attachments_come_before_the_stored_files(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Each is read where it is: a host that is away does not keep a stored file."""
    stack, hosts = trial
    file = await ready(stack)
    id_ = await deliver(stack, attachments=[file])

    told = (await opened(stack, id_))["content"]["third_party_data"]
    assert (told["id"], told["has_attachments"], told["has_remote_content"]) == ("a/b", True, True)
    shown = (await read(stack, "message", id_)).body["third_party_message"]
    assert shown["details"] == MESSAGE["details"]
    assert [one["url"] for one in shown["attachments"]] == ["allegati/1.pdf", file]
    assert (await read(stack, "attachment", id_)).body.startswith(b"%PDF-1.7")
    hosts.calls.clear()
    hosts.answers["a%2Fb"] = "TIMEOUT"

    assert (await stored(stack, id_, file)).body == PDF
    assert hosts.calls == []
    assert (await read(stack, "message", id_)).status == 504


async def test_a_message_that_announces_no_attachments_shows_the_stored_ones(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Those that its host lists all the same are not shown."""
    stack, _ = trial
    file = await ready(stack)
    id_ = await deliver(stack, attachments=[file], has_attachments=False)

    assert (await opened(stack, id_))["content"]["third_party_data"]["has_attachments"] is True
    shown = (await read(stack, "message", id_)).body["third_party_message"]
    assert [one["url"] for one in shown["attachments"]] == [file]


async def test_a_withdrawn_message_that_was_read_keeps_its_files(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Of its host's content it has nothing any more."""
    stack, hosts = trial
    file = await ready(stack)
    id_ = await deliver(stack, attachments=[file], has_precondition="ALWAYS")
    body = {"change_type": "reading", "is_read": True}
    await stack.call("change_message_status", body, path={"id": id_}, citizen=TEST_USER)
    path = {"fiscal_code": TEST_USER, "id": id_}
    await stack.call("withdraw_message", {"reason": "Importo errato"}, path=path)

    message = await opened(stack, id_)
    assert message["content"]["third_party_data"]["has_precondition"] == "NEVER"
    assert (await read(stack, "precondition", id_)).status == 204
    shown = (await read(stack, "message", id_)).body["third_party_message"]
    assert [one["url"] for one in shown["attachments"]] == [file]
    assert "Importo errato" in shown["details"]["markdown"]
    assert (await stored(stack, id_, file)).body == PDF
    assert refusal(await read(stack, "attachment", id_))[:2] == (404, "File not found")
    assert hosts.calls == []


async def test_stored_files_are_for_the_citizen_while_the_message_is_shown(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Neither another citizen reads them, nor another message; the bin keeps them for a while."""
    stack, _ = trial
    file = await ready(stack)
    id_, other = await with_files(stack, file), await with_files(stack, await ready(stack))

    assert (await stored(stack, id_, file, citizen=CITIZEN)).status == 404
    assert (await stored(stack, other, file)).status == 404
    body = {"change_type": "binning", "is_binned": True}
    await stack.call("change_message_status", body, path={"id": id_}, citizen=TEST_USER)
    assert (await stored(stack, id_, file)).status == 200
    stack.clock.advance(timedelta(days=31))
    assert (await stored(stack, id_, file)).status == 404


async def test_a_large_stored_file_comes_whole_and_in_ranges(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """IO's app asks for no ranges, so the limit is that of a host's attachment."""
    stack, _ = trial
    file = await ready(stack, content := a_large_pdf(3 * PART_BYTES))
    id_ = await with_files(stack, file)

    assert (await stored(stack, id_, file)).body == content
    assert len((await stored(stack, id_, file, "bytes=0-")).body) == PART_BYTES
    beyond = f"bytes={3 * PART_BYTES}-"
    assert (await stored(stack, id_, file, beyond)).status == 416
