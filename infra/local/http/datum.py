"""Translate between aiohttp's requests and answers and the worker library's Datum."""

from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import web
from azure_functions_runtime.bindings.datumdef import Datum
from multidict import CIMultiDict

_LENGTH: Final = "content-length"
_FRAMING: Final = frozenset({_LENGTH, "transfer-encoding", "connection"})


def request_datum(request: web.BaseRequest, values: dict[str, str], body: Datum) -> Datum:
    """Return the Datum that the library decodes into azure.functions.HttpRequest."""
    headers: dict[str, Datum] = {}
    for name, value in request.headers.items():
        lower = name.lower()
        known = headers.get(lower)
        headers[lower] = Datum(value if known is None else f"{known.value},{value}", "string")
    _add_caller(headers, request)
    target = request.raw_path
    query_string = target.partition("?")[2]
    url = f"http://{request.headers.get('host', '')}{target}" if target[:1] == "/" else target
    return Datum(
        {
            "method": Datum(request.method, "string"),
            "url": Datum(url, "string"),
            "headers": headers,
            "params": {name: Datum(value, "string") for name, value in values.items()},
            "query": _query(query_string) if query_string else {},
            "body": body,
        },
        "http",
    )


def _add_caller(headers: dict[str, Datum], request: web.BaseRequest) -> None:
    """Append the caller's address to X-Forwarded-For, as Azure's front end does."""
    peer = request.transport and request.transport.get_extra_info("peername")
    if peer:
        address = f"[{peer[0]}]:{peer[1]}" if ":" in peer[0] else f"{peer[0]}:{peer[1]}"
        known = headers.get("x-forwarded-for")
        headers["x-forwarded-for"] = Datum(
            address if known is None else f"{known.value}, {address}", "string"
        )


def _query(text: str) -> dict[str, Datum]:
    """Return the query as Azure does: repeated names joined by a comma, empty values dropped."""
    merged: dict[str, str] = {}
    for name, value in parse_qsl(text):
        merged[name] = f"{merged[name]},{value}" if name in merged else value
    return {name: Datum(value, "string") for name, value in merged.items()}


def answer(datum: Any, custom: CIMultiDict[str], *, is_head: bool = False) -> web.Response:
    """Return the answer of a function's result; its headers override the headers of host.json.

    `is_head`: as in Azure, the function may tell the length of the body that is not sent.
    """
    headers = custom.copy()
    if datum is None:
        return web.Response(status=204, headers=headers)
    if datum.type != "http":
        body = datum.value if isinstance(datum.value, bytes) else str(datum.value).encode()
        headers["content-type"] = "text/plain; charset=utf-8"
        return web.Response(body=body, headers=headers)
    value = datum.value
    for name, header in value["headers"].items():
        if name.lower() not in _FRAMING or (is_head and name.lower() == _LENGTH):
            headers[name] = header.value
    for cookie in value["cookies"] or ():
        for morsel in cookie.values():
            headers.add("Set-Cookie", morsel.OutputString())
    return web.Response(
        status=int(value["status_code"].value), body=value["body"].value, headers=headers
    )
