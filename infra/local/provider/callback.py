"""The page at which a login of `make login` ends: it takes the answer of the browser."""

import html
import http.server
from collections.abc import Mapping
from typing import Final, override
from urllib.parse import parse_qsl, urlsplit

_PAGE: Final = (
    "<!doctype html><html lang=en><title>Login</title><p>{} You can close this page.</html>"
)


def refusal(answer: Mapping[str, str]) -> str:
    """Return the error of an answer, and the reason that it gives."""
    reason = answer.get("error_description", "")
    return f"{answer['error']} ({reason})" if reason else answer["error"]


def handler_of(found: dict[str, str]) -> type[http.server.BaseHTTPRequestHandler]:
    """Return a handler that puts the parameters of the answer into `found`, and shows a refusal."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/callback":
                found.update(parse_qsl(address.query))
            self.send_response(200 if address.path == "/callback" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            said = f"The login was refused: {refusal(found)}." if "error" in found else ""
            self.wfile.write(_PAGE.format(html.escape(said)).encode())

        @override
        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler
