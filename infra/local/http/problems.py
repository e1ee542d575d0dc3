"""application/problem+json for what the host itself answers."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

MEDIA_TYPE = "application/problem+json"
_TITLES = {413: "Payload too large"}
"""As the app calls what the host refuses in its place."""


def problem_body(status: int, detail: str, *, field: str = "") -> bytes:
    """Write a problem; `field` names the body's field that is at fault."""
    content: dict[str, object] = {
        "status": status,
        "title": _TITLES.get(status) or HTTPStatus(status).phrase.capitalize(),
        "detail": detail,
    }
    if field:
        content["errors"] = [{"pointer": f"/{field}", "detail": detail}]
    if status in {404, 405}:
        # what IO's gateway answers here
        content |= {"statusCode": status, "message": detail}
    return json.dumps(content).encode()


def problem(
    status: int, detail: str, *, field: str = "", headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with what is wrong."""
    return web.Response(
        status=status,
        body=problem_body(status, detail, field=field),
        headers={**(headers or {}), "content-type": MEDIA_TYPE},
    )
