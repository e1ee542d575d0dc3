"""Write the host's own answers as application/problem+json."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

MEDIA_TYPE = "application/problem+json"
_TITLES = {413: "Payload too large"}
"""The app's titles for problems that the host answers instead of the app."""


def problem_body(status: int, detail: str, *, field: str = "") -> bytes:
    """Return a problem as JSON; `field` is the wrong field of the body."""
    content: dict[str, object] = {
        "status": status,
        "title": _TITLES.get(status) or HTTPStatus(status).phrase.capitalize(),
        "detail": detail,
    }
    if field:
        content["errors"] = [{"pointer": f"/{field}", "detail": detail}]
    if status in {404, 405}:
        # IO's gateway answers with these members.
        content |= {"statusCode": status, "message": detail}
    return json.dumps(content).encode()


def problem(
    status: int, detail: str, *, field: str = "", headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return the answer with a problem."""
    return web.Response(
        status=status,
        body=problem_body(status, detail, field=field),
        headers={**(headers or {}), "content-type": MEDIA_TYPE},
    )
