"""The requests of public clients, byte by byte: no header but those that the client sends."""

import http.client
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final, NamedTuple

from tests import io_contract
from tests.builders.messages import MARKDOWN
from tests.journeys.support import Journeys

KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"
JSON: Final = "application/json"
BASE: Final = "/api/v1"
SUBJECT: Final = "Tassa sui rifiuti 2027"
TEXT: Final = MARKDOWN
_SECONDS: Final = 60
_CONTINUE: Final = b"HTTP/1.1 100 "


class Conclusion(Enum):
    """The conclusion of a client from its calls."""

    SENT = auto()
    """The client has the id of a message."""
    UNWANTED = auto()
    """The client knows that the citizen does not take the service's messages."""
    UNKNOWN = auto()
    """The client knows that the citizen is not there."""
    NOT_SENT = auto()
    """Nothing was sent, and nobody is told more than the text."""
    GIVEN_UP = auto()
    """The client keeps an error for a person to look at, and does not try again."""
    LATER = auto()
    """The client tries again."""


class Result(NamedTuple):
    """A conclusion, the id of a message that was sent, and a text that the client keeps."""

    conclusion: Conclusion
    id: str | None = None
    told: str | None = None


class Answer(NamedTuple):
    """An answer as the client's library gives it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Decode the body; fail where it is not JSON."""
        return json.loads(self.body)

    @property
    def is_success(self) -> bool:
        """Tell whether the status is one of success."""
        return 200 <= self.status < 300


class Wire:
    """Sends the requests of clients to a host.

    Each answer must be declared, and must have no member but those of IO's contract.
    """

    def __init__(self, journeys: Journeys) -> None:
        self._journeys = journeys

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        waits_for_continue: bool = False,
    ) -> Answer:
        """Send a request with these headers alone, beside Host and Content-Length.

        `waits_for_continue`: the body is sent after the host's 100 Continue.
        """
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._journeys.host.port, timeout=_SECONDS
        )
        try:
            connection.putrequest(method, BASE + path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            if waits_for_continue:
                connection.putheader("Expect", "100-continue")
            connection.endheaders()
            if waits_for_continue:
                _wait_for_continue(connection)
            if body is not None:
                connection.send(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, found, response.read())
        finally:
            connection.close()
        self._check(method, BASE + path, answer)
        return answer

    def _check(self, method: str, path: str, answer: Answer) -> None:
        content_type = answer.headers.get("content-type")
        declared = self._journeys.session.declared
        declared.check(method, path, answer.status, content_type, answer.body)
        io_contract.check(method, path, answer.status, answer.body)


def _wait_for_continue(connection: http.client.HTTPConnection) -> None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        received = connection.sock.recv(1)
        assert received, head
        head += received
    assert head.startswith(_CONTINUE), head


class PublicClient(ABC):
    """A public client of IO's API: its calls, and its own handling of each answer."""

    def __init__(self, wire: Wire, key: str) -> None:
        self._wire, self._key = wire, key

    @abstractmethod
    def send(self, citizen: str) -> Result:
        """Ask whether the citizen can be reached, and send a message where the client would."""

    def status(self, citizen: str, id_: str) -> str | None:
        """Return the status of a message as the client maps it; None for a client that asks not."""
        del citizen, id_
        return None
