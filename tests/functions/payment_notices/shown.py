"""What citizens are shown of a payment notice: documents, payment info, reminders."""

from datetime import UTC, datetime
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from tests.builders.documents import pages, properties, scanned_all
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    send,
)
from tests.builders.payments import PAYEE
from tests.stack import Reply, Stack

IN_MAY = datetime(2027, 5, 31, 22, tzinfo=UTC)


async def sent(stack: Stack, **changes: Any) -> str:
    """Send a notice, by default in three instalments and as a whole; return its message's id."""
    reply = await send(stack, a_notice(**{"instalments": list(INSTALMENTS), **changes}))
    assert reply.status == 201, reply
    await stack.drain()
    return str(reply.body["message_id"])


async def take(stack: Stack, paper: str, id_: str, **query: str) -> Reply:
    """Read a document of the message."""
    return await stack.call(paper, path={"id": id_}, query=query, citizen=CITIZEN)


async def entry(stack: Stack, id_: str) -> dict[str, str]:
    """Return the properties of the calendar entry; an alarm is the member VALARM."""
    lines = properties((await take(stack, "read_calendar_entry", id_)).body)
    return {value if name == "BEGIN" else name: value for name, value in lines}


async def plan(stack: Stack, id_: str) -> tuple[str | None, int]:
    """Return why the reminders ended, and the number of reminders to come."""
    body = (await take(stack, "read_reminders", id_)).body
    return body.get("ended"), len(body["to_come"])


async def info(stack: Stack, rpt_id: str, citizen: str = CITIZEN) -> Reply:
    """Ask for the payment info of a notice."""
    return await stack.call("read_payment_info", path={"rptId": rpt_id}, citizen=citizen)


async def notice_text(stack: Stack, id_: str, **query: str) -> tuple[str, bool]:
    """Return the text of the printed notice, and whether its first sum has a code."""
    text, codes = await printed(stack, id_, **query)
    own = query.get("notice_number", RPT_ID.removeprefix(PAYEE))
    return text, own in codes


async def printed(stack: Stack, id_: str, **query: str) -> tuple[str, list[str]]:
    """Return the text of the printed notice, and the notice numbers of its codes."""
    shown = pages((await take(stack, "read_payment_notice", id_, **query)).body)
    codes = [code.split("|")[2] for _, image in shown for code in scanned_all(image)]
    return "\n".join(text for text, _ in shown), codes
