"""The copy of all data has the files of messages, and those that the citizen keeps."""

import gc
import tracemalloc
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN
from lib.domain.attachments.attachment import PART_BYTES
from lib.use_cases.personal_data import collect_data
from tests.builders.files import a_large_pdf
from tests.functions.attachments.file_calls import PDF, deliver, ready
from tests.functions.documents.kept_calls import keep
from tests.functions.personal_data.data_calls import (
    archive_of,
    ask,
    download,
    downloaded,
    read_json,
)
from tests.stack import Stack, refusal


async def test_it_has_the_files_of_messages_and_of_the_personal_archive(stack: Stack) -> None:
    """A kept file is in it although its message is gone; another citizen's file is not."""
    attached, kept, theirs = [await ready(stack) for _ in range(3)]
    id_, gone = await deliver(stack, attached), await deliver(stack, kept)
    await deliver(stack, theirs, fiscal_code="RSSMRA80A01H501U")
    await keep(stack, kept, message_id=gone, title="Il mio certificato")

    files = await archive_of(stack)

    assert files[f"messages/{id_}/attachments/{attached}-certificato.pdf"] == PDF
    assert files[f"documents/{kept}-certificato.pdf"] == PDF
    (entry,) = read_json(files, "documents.json")
    assert (entry["id"], entry["title"]) == (kept, "Il mio certificato")
    message = read_json(files, f"messages/{id_}/message.json")
    assert message["attachments"][0]["id"] == attached
    assert theirs not in "".join(files)


async def test_a_file_that_is_deleted_is_left_out(stack: Stack) -> None:
    """As that of a message that was rejected."""
    file = await ready(stack)
    id_ = await deliver(stack, file, fiscal_code="INBOFF00A00A000A")
    for _ in range(2):
        stack.clock.advance(timedelta(days=1))
        await sweep.tick(stack.app)

    files = await archive_of(stack, "INBOFF00A00A000A")

    assert f"messages/{id_}/message.json" in files
    assert not [name for name in files if file in name]


async def test_files_beyond_the_limit_are_listed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app downloads them one by one."""
    monkeypatch.setattr(collect_data, "MOST_WITH_FILES", len(PDF) + 5000)
    first, second = await ready(stack), await ready(stack, a_large_pdf(20_000))
    id_ = await deliver(stack, first, second)

    files = await archive_of(stack)

    (left_out,) = read_json(files, "files-left-out.json")
    assert left_out == f"messages/{id_}/attachments/{second}-certificato.pdf"
    assert f"messages/{id_}/attachments/{first}-certificato.pdf" in files


async def test_a_large_archive_is_made_in_constant_memory(stack: Stack) -> None:
    """Its size is that of all files; a process holds a part of one file."""
    content = a_large_pdf(5 * PART_BYTES)
    await deliver(stack, await ready(stack, content), await ready(stack, content))
    await ask(stack)
    gc.collect()
    tracemalloc.start()
    await stack.drain()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    # four copies of a part (read, decrypted, written, stored), and the modules that a copy imports
    assert peak < 6 * PART_BYTES
    assert refusal(await download(stack))[:2] == (400, "File too large for one answer")
    with ZipFile(BytesIO(await downloaded(stack))) as file:
        assert sum(file.read(one) == content for one in file.namelist()) == 2


async def test_a_range_behind_the_end_is_refused(stack: Stack) -> None:
    """As for a file of a message."""
    await ask(stack)
    await stack.drain()

    assert (await download(stack, CITIZEN, "bytes=99999999-")).status == 416
