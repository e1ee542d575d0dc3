"""The sandbox's host of remote content: an administration that answers as IO's contract says.

The id of a message, or the name of an attachment, asks for another case: `broken…` has faults,
`slow…` takes longer than the app waits, and `status-503…` answers with this status.
"""

import asyncio
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.http.problems import problem

BASE: Final = "sandbox/remote-content"
KEY_HEADER: Final = "X-Api-Key"
KEY: Final = "sandbox-remote-content-key"
ATTACHMENT: Final = "allegati/1.pdf"
LARGE: Final = "allegati/large.pdf"
LARGE_BYTES: Final = 15_000_000
ETAG: Final = '"sandbox-1"'
SLOW_SECONDS: Final = 25
"""Longer than the app waits for any part of a message."""
_STATUS: Final = re.compile(r"status-(\d{3})")
_MARKDOWN: Final = (
    "Questo contenuto viene dai sistemi del Comune di Esempio: Recapito lo chiede quando il "
    "messaggio si apre, e non lo conserva."
)


def mount(http: HttpHost) -> None:
    """Add the endpoints of the administration's host."""
    http.add("GET", f"{BASE}/messages/{{id}}", _message)
    http.add("GET", f"{BASE}/messages/{{id}}/precondition", _precondition)
    http.add("GET", f"{BASE}/messages/{{id}}/allegati/{{name}}", _attachment)


async def _message(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
    details: dict[str, Any] = {"subject": "Il tuo fascicolo", "markdown": _MARKDOWN}
    if values["id"].startswith("broken"):
        details = {"subject": "Corto"}
    listed = [
        {
            "id": str(number),
            "url": url,
            "name": name,
            "content_type": "application/pdf",
            "category": "DOCUMENT",
        }
        for number, (url, name) in enumerate(((ATTACHMENT, "fascicolo.pdf"), (LARGE, "tutto.pdf")))
    ]
    body = {"details": details, "attachments": listed}
    return await _other_case(request, values["id"]) or web.json_response(
        body, headers={"ETag": ETAG}
    )


async def _precondition(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
    notice = {"title": "Prima di aprire", "markdown": "Il messaggio contiene dati personali."}
    return await _other_case(request, values["id"]) or web.json_response(notice)


async def _attachment(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
    name = values["name"]
    other = await _other_case(request, values["id"]) or await _other_case(request, name)
    if other is not None:
        return other
    if name not in {"1.pdf", "large.pdf"} and not name.startswith("broken"):
        return problem(404, "there is no such attachment")
    is_broken = "broken" in {values["id"][:6], name[:6]}
    body = b"<html></html>" if is_broken else _pdf(LARGE_BYTES if name == "large.pdf" else 0)
    return web.Response(body=body, content_type="application/pdf", headers={"ETag": ETAG})


async def _other_case(request: web.BaseRequest, name: str) -> web.Response | None:
    """Return the refusal of a request, or the other case that a name asks for."""
    if request.headers.get(KEY_HEADER) != KEY:
        return problem(401, f"the header {KEY_HEADER} must be {KEY}")
    if "fiscal_code" not in request.headers:
        return problem(400, "the header fiscal_code is required")
    if name.startswith("slow"):
        await asyncio.sleep(SLOW_SECONDS)
    if (status := _STATUS.match(name)) is not None:
        headers: Mapping[str, str] = {"Retry-After": "7"} if status[1] == "503" else {}
        return web.Response(status=int(status[1]), headers=headers)
    if request.headers.get("If-None-Match") == ETAG:
        return web.Response(status=304, headers={"ETag": ETAG})
    return None


@cache
def _pdf(padding: int) -> bytes:
    """Return a PDF document of one page, with an unused object of so many bytes."""
    text = b"BT /F1 24 Tf 72 760 Td (Comune di Esempio: documento di prova) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources 7 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(
            b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream)
            for stream in (text, b" " * padding)
        ),
        b"<</Font<</F1 4 0 R>>>>",
    ]
    document, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    document += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\n" % (
        size,
        table,
        size,
    )
    start = document.index(b"xref\n0 ")
    document += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(document)
