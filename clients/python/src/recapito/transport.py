"""Calls over HTTP: the key, the limit of calls, repeats, and errors from problem+json."""

import ipaddress
import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import requests

from recapito.errors import NotReached, RecapitoError, ServerFailed, error_of
from recapito.retries import REPEATED, RetryPolicy, asked_wait, used_up

JSON = "application/json"
_SAFE = frozenset({"GET", "PUT", "DELETE"})
_KEY = "Ocp-Apim-Subscription-Key"
_ACCEPTED, _REDIRECT, _NOT_MODIFIED, _ERROR = 202, 300, 304, 400
NOT_READY_SECONDS = 5.0
"""The wait for a file whose answer names none."""
_PASSING = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class Transport:
    """One connection to the API, with one key. It is not for several threads.

    A call is repeated after 429, 502, 503, 504 and connection errors where that is safe: GET, PUT
    and DELETE, a POST with an Idempotency-Key, and a POST that changes nothing the second time.
    `on_wait`: is told the seconds of each wait before a repeat, and its reason.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        retries: RetryPolicy,
        timeout: float,
        on_wait: Callable[[float, str], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = _checked(base_url)
        if not key or not (key.isascii() and key.isprintable()):
            raise ValueError("the key must be visible ASCII characters")
        self._retries = retries
        self._timeout = timeout
        self._on_wait = on_wait
        self._sleep = sleep
        self._free_at = 0.0
        self._session = requests.Session()
        # a .netrc would put another credential beside the key
        self._session.auth = _no_auth
        self._session.headers.update({_KEY: key, "Accept": "application/json, text/csv"})

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        keyed: str | bool = False,
        repeats: bool | None = None,
    ) -> Any:
        """Send a request with a JSON body; return the JSON of the answer.

        `keyed`: an Idempotency-Key, or True for a new one. `repeats`: whether a POST without one
        may be repeated. Raise RecapitoError.
        """
        sent = dict(headers or {})
        if keyed:
            sent["Idempotency-Key"] = keyed if isinstance(keyed, str) else str(uuid.uuid4())
        data: bytes | None = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), JSON
        may = bool(keyed) or method in _SAFE if repeats is None else repeats
        answer = self._answered(
            lambda: self._sent(method, path, data=data, params=query, headers=sent),
            may_repeat=may,
        )
        return _read(answer) if answer.content else None

    def news(self, path: str, known: str | None, seconds: int) -> tuple[Any, str | None]:
        """Read what has changed since the answer of the ETag `known`; return it with its ETag.

        The answer comes once something has changed, and is None after `seconds` without a change.
        It comes before the connection would count as lost.
        """
        seconds = min(seconds, int(self._timeout / 2))
        headers = {"Prefer": f"wait={seconds}"}
        if known is not None:
            headers["If-None-Match"] = known
        answer = self._answered(lambda: self._sent("GET", path, headers=headers), may_repeat=True)
        body = None if answer.status_code == _NOT_MODIFIED else _read(answer)
        return body, answer.headers.get("ETag")

    def upload(self, path: str, file: IO[bytes], media_type: str) -> Any:
        """Send the bytes of an open file as they are read; a repeat begins at its start."""

        def send() -> requests.Response:
            file.seek(0)
            return self._sent("PUT", path, data=file, headers={"Content-Type": media_type})

        return _read(self._answered(send, may_repeat=True))

    def download(
        self,
        path: str,
        into: IO[bytes],
        *,
        query: Mapping[str, Any] | None = None,
        timeout: float = 0,
    ) -> None:
        """Write the body of an answer into a file; a repeat begins at its start.

        A file that is not ready (202) is asked for again. Raise TimeoutError after `timeout`.
        """

        def send() -> requests.Response:
            into.seek(0)
            into.truncate()
            with self._sent("GET", path, stream=True, params=query) as answer:
                if answer.status_code < _ERROR and answer.status_code != _ACCEPTED:
                    for part in answer.iter_content(1 << 16):
                        into.write(part)
                else:
                    # reads the body while the connection is open
                    _ = answer.content
            return answer

        end = time.monotonic() + timeout
        while (answer := self._answered(send, may_repeat=True)).status_code == _ACCEPTED:
            wait = asked_wait(answer.headers) or NOT_READY_SECONDS
            if time.monotonic() + wait > end:
                raise TimeoutError("the file is not ready")
            self._pause(wait, "not ready")

    def _sent(self, method: str, path: str, **more: Any) -> requests.Response:
        wait = self._free_at - time.monotonic()
        if wait > 0:
            self._pause(wait, "limit")
        answer = self._session.request(
            method,
            self.base_url + path,
            timeout=self._timeout,
            # the key must not follow a redirect to another host
            allow_redirects=False,
            **more,
        )
        pause = used_up(answer.headers)
        if pause is not None:
            self._free_at = time.monotonic() + min(pause, self._retries.longest_pause)
        return answer

    def _answered(
        self, send: Callable[[], requests.Response], *, may_repeat: bool
    ) -> requests.Response:
        failures = 0
        while True:
            failures += 1
            try:
                answer = send()
            except requests.exceptions.SSLError:
                # the certificate is no better the second time
                raise _not_reached("the certificate of the server is not valid") from None
            except _PASSING as error:
                asked, failure, passing = None, _not_reached(type(error).__name__), True
            except requests.exceptions.RequestException as error:
                raise _not_reached(type(error).__name__) from None
            else:
                if answer.status_code < _REDIRECT or answer.status_code == _NOT_MODIFIED:
                    return answer
                asked = asked_wait(answer.headers)
                failure = error_of(answer.status_code, _json(answer), asked)
                passing = answer.status_code in REPEATED
            wait = self._retries.wait(failures, asked) if passing and may_repeat else None
            if wait is None:
                raise failure
            self._pause(wait, failure.title)

    def _pause(self, seconds: float, reason: str) -> None:
        if self._on_wait is not None:
            self._on_wait(seconds, reason)
        self._sleep(seconds)


def _not_reached(reason: str) -> RecapitoError:
    """Return the error without the text of its cause, which has the path and so a fiscal code."""
    return NotReached(0, "No answer from Recapito", reason)


def _checked(base_url: str) -> str:
    """Return the base without a slash at its end. Raise ValueError where the key would be seen."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError("the address of Recapito must be like https://recapito.example.org")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "the address of Recapito must be https: without it, others can read your key"
        )
    return base_url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: requests.Response) -> Any:
    """Return the JSON of an accepted request. Raise ServerFailed where it is something else."""
    try:
        return answer.json()
    except ValueError:
        raise ServerFailed(
            answer.status_code, "Not Recapito", "the answer is no JSON: is the address right?"
        ) from None


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
