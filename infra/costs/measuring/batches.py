"""Measure a batch: what it costs once, and what a chunk of rows costs."""

from functools import partial
from typing import Any

from functions.queues.batches import check_recipients, send_chunk, send_urgent_chunk, start_batch
from infra.costs.measuring.runs import HTTP, MeasureError, Measuring, a_message
from infra.local.sandbox.seed import a_profile
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS
from lib.domain.payments.notice_number import check_digits_of
from lib.domain.shared.check_characters import check_character
from lib.ports.documents import Document
from lib.ports.schema.citizens import PROFILES


async def measure_batches(measuring: Measuring) -> None:
    """Measure batches of one chunk, of each content and lane; all rows reach their citizens."""
    for number in range(CHUNK_ROWS):
        await measuring.lab.app.ports.store.upsert(PROFILES, a_profile(_code(number)))
    # a content is stored once in a process
    await _sent(measuring, "plain", "BULK")
    await _sent(measuring, "plain", "URGENT")
    await _sent(measuring, "plain", "BULK")
    await _sent(measuring, "payment", "BULK")


async def _sent(measuring: Measuring, content: str, lane: str) -> None:
    lab = measuring.lab
    message = a_message(measuring.characters, {})
    new = {"name": "TARI 2027", "content": message["content"], "lane": lane}
    call = partial(measuring.note, function=HTTP)
    batch = await call("batch create", run=lambda: lab.call("create_batch", new))
    path = {"id": batch["id"]}
    rows = [_row(number, content) for number in range(CHUNK_ROWS)]
    await call("batch upload", run=lambda: lab.call("upload_recipients", rows, path=path))
    await measuring.consume(f"batch check {content}", check_recipients)
    await call("batch send", run=lambda: lab.call("send_batch", {}, path=path))
    await measuring.consume("batch start", start_batch)
    if lane == "URGENT":
        await measuring.consume("batch chunk urgent", send_urgent_chunk)
    else:
        await measuring.consume(f"batch chunk {content}", send_chunk)
    found = await call("batch read", run=lambda: lab.call("read_batch", path=path))
    if found["progress"]["outcomes"] != {"SENT": CHUNK_ROWS}:
        raise MeasureError(f"batch {content}: {found['progress']}")
    # the next day: a citizen gets less than one notification on most days
    await measuring.settle()
    lab.next_day()


def _row(number: int, content: str) -> Document:
    row: dict[str, Any] = {"fiscal_code": _code(number)}
    if content == "payment":
        digits = f"301{number:013}"
        row |= {"notice_number": digits + check_digits_of(digits), "amount": 8450}
        row["due_date"] = "2026-12-31"
    return row


def _code(number: int) -> str:
    """Return the fiscal code of a citizen, with its check character."""
    first, second = divmod(number, 26)
    code = f"BTC{chr(65 + first)}{chr(65 + second)}X80A01H501"
    return code + check_character(code)
