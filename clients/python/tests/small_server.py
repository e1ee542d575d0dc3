"""A server on loopback that gives the answers of a list, and keeps the requests."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from recapito import Recapito, RetryPolicy

KEY = "a-key-of-a-test"
CUT = "cut"
"""An answer that ends in the middle of its body."""
DROP = "drop"
"""No answer: the connection is closed."""


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer. `kind`: CUT or DROP for a broken one."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""

    def content(self) -> bytes:
        """Return the body as sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class SmallServer:
    """The server. `replies`: the answers to come; the last one is given again and again."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.requests: list[Request] = []
        self.waits: list[tuple[float, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(size)
                owner.requests.append(Request(self.command, self.path, headers, body))
                reply = owner.replies.pop(0) if len(owner.replies) > 1 else owner.replies[0]
                if reply.kind == DROP:
                    self.close_connection = True
                    return
                content = reply.content()
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if reply.kind == CUT:
                    content = content[: len(content) // 2]
                    self.close_connection = True
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 (the names of the base)

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def client(self, attempts: int = 3) -> Recapito:
        """Return a client that waits little; its waits are kept."""
        policy = RetryPolicy(attempts=attempts, first_wait=0.001)
        return Recapito(
            self.url,
            KEY,
            retries=policy,
            on_wait=lambda seconds, reason: self.waits.append((seconds, reason)),
        )
