"""The sample of `make run`: a step that fails is a hint, whatever the host answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.local.demo import sample as demo_sample
from infra.local.demo.host import Screen
from infra.local.demo.sample import Sample

pytestmark = pytest.mark.slow


CLOCK = ("GET", "/sandbox/clock")
TOKEN = ("POST", "/sandbox/token")
INBOX = ("GET", "/api/communication/v1/messages")
FILES = "/api/v1/attachments"
FILE = ("GET", f"{FILES}/f")
SUBMIT = ("POST", "/api/v1/messages")
PUSHES = ("GET", "/sandbox/notifications")
GOOD: dict[tuple[str, str], tuple[int, Any]] = {
    CLOCK: (200, {"now": "2026-11-28T10:00:00Z"}),
    TOKEN: (200, {"token": "t"}),
    INBOX: (200, {"items": [{"id": "1", "message_title": "Tassa sui rifiuti, prima rata"}]}),
    ("PUT", "/api/v1/certificates/residenza"): (200, {}),
    ("POST", FILES): (201, {"id": "f"}),
    FILE: (200, {"status": "READY"}),
    SUBMIT: (201, {"id": "1"}),
    PUSHES: (200, {"items": [{"title": "Comune", "body": "Tassa"}]}),
}


@contextmanager
def host(**answers: Any) -> Iterator[str]:
    """Serve scripted answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, content = answers["script"][self.command, self.path.partition("?")[0]]
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET  # noqa: N815 - http.server looks for these names

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_every_step_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The sample shows every step when the host answers as expected."""
    with host(script=GOOD) as base:
        assert Sample(base, Screen(), ".data").show()

    assert "the push that was sent" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (CLOCK, (404, b"")),
        (TOKEN, (404, {"title": "Not found"})),
        (INBOX, (500, {"title": "Internal server error"})),
        (INBOX, (200, b"<html>")),
        (INBOX, (200, {"items": []})),
        (SUBMIT, (503, {"title": "Service unavailable"})),
        (FILE, (404, {"title": "File not found"})),
        (PUSHES, (200, {"items": []})),
        (PUSHES, (500, b"no json")),
    ],
)
def test_a_step_that_fails_is_one_line(
    step: tuple[str, str],
    answer: tuple[int, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The line is a hint that names the step, without a traceback."""
    monkeypatch.setattr(demo_sample, "ARRIVE_SECONDS", 0.1)
    script = GOOD | {step: answer}
    if step in {SUBMIT, FILE}:
        script |= {INBOX: (200, {"items": []})}

    with host(script=script) as base:
        assert not Sample(base, Screen(), ".data").show()

    hint = capsys.readouterr().out.splitlines()[-1]
    assert "  hint " in hint
    assert hint.endswith("; the host serves all the same")
