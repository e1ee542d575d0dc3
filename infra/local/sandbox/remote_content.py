"""The sandbox's host of remote content: an administration that answers as IO's contract says.

Messages whose id begins with `broken` have faults, which a test of the configuration finds.
"""

from typing import Any, Final

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.http.problems import problem

BASE: Final = "sandbox/remote-content"
KEY_HEADER: Final = "X-Api-Key"
KEY: Final = "sandbox-remote-content-key"
ATTACHMENT: Final = "attachments/1.pdf"
_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_MARKDOWN: Final = (
    "Questo contenuto viene dai sistemi del Comune di Esempio: Recapito lo chiede quando il "
    "messaggio si apre, e non lo conserva."
)


def mount(http: HttpHost) -> None:
    """Add the endpoints of the administration's host."""
    http.add("GET", f"{BASE}/messages/{{id}}", _message)
    http.add("GET", f"{BASE}/messages/{{id}}/precondition", _precondition)
    http.add("GET", f"{BASE}/messages/{{id}}/{ATTACHMENT}", _attachment)


async def _message(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
    details: dict[str, Any] = {"subject": "Il tuo fascicolo", "markdown": _MARKDOWN}
    if values["id"].startswith("broken"):
        details = {"subject": "Corto"}
    listed = {
        "id": "1",
        "url": ATTACHMENT,
        "name": "fascicolo.pdf",
        "content_type": "application/pdf",
        "category": "DOCUMENT",
    }
    return _refusal(request) or web.json_response({"details": details, "attachments": [listed]})


async def _precondition(request: web.BaseRequest, _: dict[str, str]) -> web.Response:
    notice = {"title": "Prima di aprire", "markdown": "Il messaggio contiene dati personali."}
    return _refusal(request) or web.json_response(notice)


async def _attachment(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
    body = b"<html></html>" if values["id"].startswith("broken") else _PDF
    return _refusal(request) or web.Response(body=body, content_type="application/pdf")


def _refusal(request: web.BaseRequest) -> web.Response | None:
    if request.headers.get(KEY_HEADER) != KEY:
        return problem(401, f"the header {KEY_HEADER} must be {KEY}")
    if "fiscal_code" not in request.headers:
        return problem(400, "the header fiscal_code is required")
    return None
