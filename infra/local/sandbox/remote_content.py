"""The sandbox's host of remote content: an administration that answers as IO's contract says.

The id of a message, or the name of an attachment, asks for another case: `broken…` has faults,
`slow…` takes longer than the app waits, and `status-503…` answers with this status.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.http.problems import problem
from infra.local.sandbox.sample_pdf import a_pdf

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
    body = b"<html></html>" if is_broken else a_pdf(LARGE_BYTES if name == "large.pdf" else 0)
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
