"""The real app on the real host, called over HTTP; every answer is held against /openapi.json."""

import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, override
from urllib.parse import unquote, urlsplit

import requests
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from infra.local.sandbox import seed as sandbox_seed
from infra.local.sandbox.citizens import Sandbox, fiscal_codes
from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from infra.local.settings.settings_file import EXAMPLE_FILE_NAME, FROM_FILE, PUBLIC_URL
from tests import io_contract
from tests.builders.messages import a_message
from tests.host.host_process import ROOT, HostProcess, wait_for

SEEDED_CITIZENS = (
    *(profile["fiscal_code"] for profile in sandbox_seed.PROFILE_SEED),
    "NOPROF00A00A000A",
)
SEEDED_KEYS = tuple(key for key, _ in sandbox_seed.KEY_SEED)
_NEW_CITIZEN = re.compile(r"ZZ[A-Z]{4}80A01H501[A-Z]")
NEW_CODES: Final = fiscal_codes()
"""Codes of citizens of one test alone: each is taken once, since modules may share a host."""
SCALE = int(os.environ.get("EXAMPLES_SCALE", "1"))
"""How many times as many made-up requests are sent as in `make test`."""
SUBMIT = "/api/v1/messages"
INBOX = "/api/communication/v1/messages"
REST = "{attachment_url}"
"""The parameter that has the rest of a path, with its slashes."""
CUSTOM_HEADERS = json.loads((ROOT / "host.json").read_text())["extensions"]["http"]["customHeaders"]
"""Headers that host.json adds to every answer."""


class Declared:
    """The declarations of the served document, and the answers that were met.

    The check is stricter than the document: an answer may have no field that is not declared.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.met: set[tuple[str, str, int]] = set()
        self._document = _closed(document)
        self._paths = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path.replace(REST, ".+"))), path)
            for path in document["paths"]
        ]

    @property
    def answers(self) -> set[tuple[str, str, int]]:
        """Every declared method, path and status."""
        return {
            (method.upper(), path, int(status))
            for path, operations in self._document["paths"].items()
            for method, operation in operations.items()
            for status in operation["responses"]
        }

    def check(
        self, method: str, path: str, status: int, content_type: str | None, body: bytes
    ) -> None:
        """Fail unless the answer is declared; without an operation it must be 204, 404 or 405."""
        place = f"{method} {_template(path)} -> {status}"
        templates = [t for pattern, t in self._paths if pattern.fullmatch(path)]
        operations = {
            name: (t, one)
            for t in reversed(templates)
            for name, one in self._document["paths"][t].items()
        }
        template, operation = operations.get(
            "get" if method == "HEAD" else method.lower(), (None, None)
        )
        if operation is None:
            _check_elsewhere(method, status, content_type, body, known=bool(operations))
            return
        if method == "HEAD":
            assert body == b"", place
            assert str(status) in operation["responses"], place
            return
        assert template is not None
        declared = operation["responses"].get(str(status))
        assert declared, f"{place} is not declared"
        self.met.add((method, template, status))
        contents: dict[str, Any] = declared.get("content", {})
        if not contents:
            # Azure's library gives an empty answer a content type all the same
            assert body == b"", f"{place} is declared without a body"
            return
        assert content_type in contents, f"{place}: {content_type} is not declared"
        if "schema" not in contents[content_type]:
            assert body, f"{place} is declared with a file"
            return
        validator = OAS31Validator(
            {**contents[content_type]["schema"], "components": self._document["components"]},
            format_checker=oas31_format_checker,
        )
        faults = [
            f"{one.message} at {one.json_path}" for one in validator.iter_errors(json.loads(body))
        ]
        assert faults == [], place


def _check_elsewhere(
    method: str, status: int, content_type: str | None, body: bytes, *, known: bool
) -> None:
    """Fail unless the request is OPTIONS of a known path, a wrong method, or an unknown path."""
    if known and method == "OPTIONS":
        assert (status, body) == (204, b"")
        return
    assert status == (405 if known else 404), method
    assert content_type == "application/problem+json"
    if method != "HEAD":
        problem = json.loads(body)
        assert problem["status"] == problem["statusCode"] == status
        assert problem["title"]
        assert problem["detail"] == problem["message"] != ""


def _template(path: str) -> str:
    return re.sub(r"[A-Z0-9]{16,}", "…", path)


def _closed(node: Any) -> Any:
    """Forbid fields that an object's schema does not name."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(child) for name, child in node.items()}
    if node.get("type") == "object" and isinstance(node.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


class Recorder(requests.Session):
    """A session that checks each answer of the API, and no answer of the sandbox."""

    def __init__(self, declared: Declared) -> None:
        super().__init__()
        self.declared = declared
        self.trust_env = False

    @override
    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        answer = super().send(request, **kwargs)
        path = urlsplit(str(request.url)).path
        if not path.startswith(("/sandbox/", "/admin/")):
            self.declared.check(
                request.method or "",
                path,
                answer.status_code,
                answer.headers.get("content-type"),
                answer.content,
            )
            io_contract.check(
                request.method or "",
                path,
                answer.status_code,
                answer.content,
                asked=request.headers,
            )
        return answer


class Journeys:
    """The host with its senders and citizens.

    `examples`: a number of random requests. `settings`: those of its environment that name the
    stores; none for the embedded stack.
    """

    def __init__(
        self, host: HostProcess, examples: int = 50, settings: Mapping[str, str] | None = None
    ) -> None:
        self.host = host
        self.settings = settings or {}
        self.base = f"http://127.0.0.1:{host.port}"
        self.examples = examples
        answer = requests.get(f"{self.base}/openapi.json", timeout=60)
        self.session = Recorder(Declared(answer.json()))
        self._new_citizens = map(Sandbox(self.base).register, NEW_CODES)

    def new_citizen(self) -> str:
        """Register a citizen that no other test writes to; return the fiscal code.

        A test that waits for a push needs one: a service has a share of the notifications that a
        citizen takes in a day, and the other tests may have used up that of a seeded citizen.
        """
        return next(self._new_citizens)

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str | bytes] | None = None,
        **more: Any,
    ) -> requests.Response:
        """Send a request without credentials."""
        return self.session.request(
            method, self.base + path, headers=dict(headers or {}), timeout=60, **more
        )

    def as_sender(
        self, method: str, path: str, *, key: str = SENDER_KEY, **more: Any
    ) -> requests.Response:
        """Send a request as a PA."""
        headers = {"Ocp-Apim-Subscription-Key": key, **more.pop("headers", {})}
        return self.call(method, path, headers=headers, **more)

    def as_citizen(
        self, method: str, path: str = INBOX, *, token: str, **more: Any
    ) -> requests.Response:
        """Send a request as a citizen."""
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.call(method, path, headers=headers, **more)

    def token(self, fiscal_code: str = CITIZEN) -> str:
        """Sign a citizen in."""
        answer = self.call("POST", "/sandbox/token", json={"fiscal_code": fiscal_code})
        return str(answer.json()["token"])

    def now(self) -> datetime:
        """Return the time of the sandbox's clock."""
        return datetime.fromisoformat(self.call("GET", "/sandbox/clock").json()["now"])

    def submit(self, *, key: str = SENDER_KEY, **changes: Any) -> str:
        """Submit a message; return its id."""
        answer = self.as_sender("POST", SUBMIT, key=key, json=a_message(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def settled(
        self, id_: str, fiscal_code: str = CITIZEN, *, key: str = SENDER_KEY
    ) -> dict[str, Any]:
        """Wait until the message is no longer ACCEPTED; return what its sender sees."""

        def look() -> dict[str, Any] | None:
            answer = self.as_sender("GET", f"{SUBMIT}/{fiscal_code}/{id_}", key=key)
            assert answer.status_code == 200, answer.text
            seen: dict[str, Any] = answer.json()
            return None if seen["status"] == "ACCEPTED" else seen

        seen = wait_for(look)
        assert seen is not None
        return seen

    def deliver(self, **changes: Any) -> str:
        """Submit a message and bring it to the inbox; return its id."""
        id_ = self.submit(**changes)
        seen = self.settled(id_, changes.get("fiscal_code", CITIZEN))
        assert seen["status"] == "PROCESSED", seen
        return id_

    def pushes(self, message_id: str) -> list[dict[str, Any]]:
        """Return the pushes that went to phones for the message."""
        answer = self.call("GET", "/sandbox/notifications", params={"message_id": message_id})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def push(self, message_id: str) -> dict[str, Any]:
        """Wait for the message's only push; return the push."""
        (push,) = wait_for(lambda: self.pushes(message_id))
        return push


def start(folder: Path, *arguments: str, **changes: str) -> HostProcess:
    """Start the app with the example's settings, not with those of this machine.

    The public address gets the host's port, as that of the example's file does.
    """
    values = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())["Values"]
    values[FROM_FILE] = values[PUBLIC_URL]
    return HostProcess(folder, *arguments, app=ROOT, **{**values, **changes})


def assert_private(host: HostProcess) -> None:
    """Fail where the host's output, or a name of its files, has a person or a key."""
    printed, names = host.output, [unquote(path) for path in _names(host.folder)]
    logged = (" submit_message ", " read_openapi ", " zz_elsewhere ")
    assert any(name in printed for name in logged), "nothing was logged"
    assert not _NEW_CITIZEN.search(printed), "the host printed a new citizen's code"
    for secret in (*SEEDED_CITIZENS, *SEEDED_KEYS):
        assert secret not in unquote(printed), f"the host printed {secret}"
        named = [path for path in names if secret in path]
        assert not named, f"files are named after {secret}: {named}"


def _names(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def free_port() -> int:
    """Return a port on which no socket listens now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
