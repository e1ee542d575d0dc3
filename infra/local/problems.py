"""application/problem+json for the host's own endpoints."""

import json

from aiohttp import web


def problem(status: int, detail: str, *, field: str = "") -> web.Response:
    """Answer with what is wrong; `field` names the body's field, where it is one's fault."""
    content: dict[str, object] = {"status": status, "detail": detail}
    if field:
        content["errors"] = [{"pointer": f"/{field}", "detail": detail}]
    return web.Response(
        status=status,
        body=json.dumps(content).encode(),
        headers={"content-type": "application/problem+json"},
    )
