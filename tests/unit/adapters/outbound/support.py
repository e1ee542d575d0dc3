"""Answers, addresses and a name server for the tests of calls to a sender's host."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.doubles.tls import HOST, Upstream

HERE = "127.0.0.1"


def saying(
    body: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Callable[[web.Request], Any]:
    """Return a handler that answers with this JSON, or with these bytes."""

    async def answer(_: web.Request) -> web.Response:
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return answer


class Names:
    """A name server: each look-up gets the next of `answers`, and the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str) -> list[str]:
        """Look up a host's addresses."""
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def url_of(upstream: Upstream, path: str = "/check", host: str = HOST) -> str:
    """Return an address of the sender's host."""
    return f"https://{host}:{upstream.port}{path}"
