"""Read the parts of host.json that this host uses, with Azure's v4 defaults."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from infra.local.errors import HostError
from infra.local.settings.timespan import parse_timespan

MAX_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """The options of `extensions.queues`; Azure's documentation of host.json explains each.

    messageEncoding is left out: the adapters of the Queue port decide it.
    """

    batch_size: int = 16
    new_batch_threshold: int = 8
    visibility_timeout: timedelta = timedelta(0)
    max_dequeue_count: int = 5
    max_polling_interval: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HostOptions:
    """The options of host.json. `function_timeout` None: no limit, which host.json writes as "-1".

    hsts is left out: it does not apply to plain HTTP or to localhost.
    """

    route_prefix: str = "api"
    custom_headers: dict[str, str] = field(default_factory=dict)
    function_timeout: timedelta | None = timedelta(minutes=30)
    queues: QueueOptions = field(default_factory=QueueOptions)


class _Section:
    """An object of host.json with its address, for errors that name the key."""

    def __init__(self, path: Path, address: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise HostError(f"{path}: {address or 'the file'} must be an object")
        self._path, self._address, self._content = path, address, content

    def section(self, key: str) -> "_Section":
        return _Section(self._path, self._name(key), self._content.get(key, {}))

    def text(self, key: str, default: str) -> str:
        value = self._content.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "must be a string")
        return value

    def texts(self) -> dict[str, str]:
        return {key: self.text(key, "") for key in self._content}

    def number(self, key: str, default: int, low: int, high: int) -> int:
        value = self._content.get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self._wrong(key, f"must be a whole number from {low} to {high}")
        return value

    def span(self, key: str, default: timedelta) -> timedelta:
        if key not in self._content:
            return default
        try:
            return parse_timespan(self.text(key, ""))
        except ValueError as error:
            raise self._wrong(key, str(error)) from None

    def _name(self, key: str) -> str:
        return f"{self._address}.{key}" if self._address else key

    def _wrong(self, key: str, rule: str) -> HostError:
        return HostError(f"{self._path}: {self._name(key)}: {rule}")


def load_host_options(app_folder: Path) -> HostOptions:
    """Read the app's host.json. Unknown keys are ignored.

    Raises: HostError for a wrong value.
    """
    path = app_folder / "host.json"
    try:
        content: Any = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise HostError(f"{path}: missing; a function app needs one") from None
    except ValueError as error:
        raise HostError(f"{path}: not valid JSON: {error}") from None
    root = _Section(path, "", content)
    http = root.section("extensions").section("http")
    return HostOptions(
        route_prefix=http.text("routePrefix", "api").strip("/"),
        custom_headers=http.section("customHeaders").texts(),
        function_timeout=_function_timeout(root),
        queues=_queue_options(root.section("extensions").section("queues")),
    )


def _function_timeout(root: _Section) -> timedelta | None:
    if root.text("functionTimeout", "00:30:00") == "-1":
        return None
    return root.span("functionTimeout", timedelta(minutes=30))


def _queue_options(section: _Section) -> QueueOptions:
    batch_size = section.number("batchSize", 16, 1, MAX_BATCH_SIZE)
    return QueueOptions(
        batch_size=batch_size,
        new_batch_threshold=section.number("newBatchThreshold", batch_size // 2, 0, 1000),
        visibility_timeout=section.span("visibilityTimeout", timedelta(0)),
        max_dequeue_count=section.number("maxDequeueCount", 5, 1, 100_000),
        max_polling_interval=section.span("maxPollingInterval", timedelta(minutes=1)),
    )
