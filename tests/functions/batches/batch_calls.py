"""Calls about batches, for their tests."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from infra.local.sandbox.seed import SENDER_KEY
from lib.domain.payments.notice_number import check_digits_of
from lib.ports.errors import UnavailableError
from tests.builders.profiles import with_new_profile
from tests.stack import Reply, Stack

TEXT = "È disponibile l'avviso della tassa sui rifiuti. Trovi l'importo e la scadenza in allegato."
CONTENT = {"subject": "Tassa sui rifiuti 2027", "markdown": TEXT}
LETTER = {"subject": "Tassa sui rifiuti 2027", "markdown": f"Gentile {{{{ nome }}}}, {TEXT}"}
CITIZENS = ("RSSMRA80A01H501U", "VRDLCU85M41F205J", "BNCGNN70D15L219D")
"""Fiscal codes with right check characters."""


def a_number(number: int) -> str:
    """Return one of many notice numbers, with its check digits."""
    digits = f"301{number:013}"
    return digits + check_digits_of(digits)


async def with_citizens(stack: Stack, citizens: Iterable[str] = CITIZENS) -> None:
    """Store profiles of citizens."""
    for citizen in citizens:
        await with_new_profile(stack, citizen)


def a_list(rows: Iterable[Iterable[str]], header: Iterable[str] = ("codice_fiscale",)) -> bytes:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return text.getvalue().encode()


async def make(stack: Stack, *, key: str = SENDER_KEY, **changes: Any) -> str:
    """Make a batch and return its id."""
    body = {"name": "TARI 2027", "content": CONTENT, **changes}
    reply = await stack.call("create_batch", body, key=key)
    assert reply.status == 201, reply
    return str(reply.body["id"])


async def upload(
    stack: Stack,
    id_: str,
    content: bytes,
    media_type: str = "text/csv",
    *,
    key: str = SENDER_KEY,
) -> Reply:
    """Upload a list of recipients."""
    headers = {"content-type": media_type}
    return await stack.call(
        "upload_recipients", content, path={"id": id_}, headers=headers, key=key
    )


async def ask(stack: Stack, name: str, id_: str, body: Any = None, **call: Any) -> Reply:
    """Call an endpoint of one batch."""
    content = b"" if body is None else body
    return await stack.call(name, content, path={"id": id_}, **call)


async def state(stack: Stack, id_: str, key: str = SENDER_KEY) -> dict[str, Any]:
    """Read a batch."""
    reply = await ask(stack, "read_batch", id_, key=key)
    assert reply.status == 200, reply
    found: dict[str, Any] = reply.body
    return found


async def checked(
    stack: Stack, rows: Iterable[Iterable[str]], *, key: str = SENDER_KEY, **changes: Any
) -> str:
    """Make a batch with these rows, and check it; return its id."""
    header = changes.pop("header", ("codice_fiscale",))
    id_ = await make(stack, key=key, **changes)
    assert (await upload(stack, id_, a_list(rows, header), key=key)).status == 202
    await stack.drain()
    return id_


async def sent(
    stack: Stack, rows: Iterable[Iterable[str]], *, key: str = SENDER_KEY, **changes: Any
) -> str:
    """Send a batch with these rows to its end; return its id."""
    id_ = await checked(stack, rows, key=key, **changes)
    assert (await ask(stack, "send_batch", id_, key=key)).status == 202
    await stack.drain()
    return id_


async def table(stack: Stack, name: str, id_: str, key: str = SENDER_KEY) -> list[dict[str, str]]:
    """Download a file of a batch as rows."""
    reply = await ask(stack, name, id_, key=key)
    assert reply.status == 200, reply
    return list(csv.DictReader(io.StringIO(reply.body.decode())))


async def fails(*_: Any, **__: Any) -> None:
    """Stand for an operation of a store that gives no answer."""
    raise UnavailableError("no answer")
