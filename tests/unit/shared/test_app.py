"""The app closes all that it opened."""

from pathlib import Path
from typing import Any

import pytest

from lib.composition.app import build_app
from lib.ports.errors import UnavailableError
from tests.builders.settings import settings_for


class Port:
    """A port that records its closing, and then fails."""

    def __init__(self, name: str, closed: list[str]) -> None:
        self._name, self._closed = name, closed

    async def close(self) -> None:
        """Record the closing."""
        self._closed.append(self._name)
        raise UnavailableError(self._name)


async def test_each_port_is_closed_in_order_even_after_an_error(tmp_path: Path) -> None:
    """The queue is closed first, and telemetry last, because it reports on the others."""
    closed: list[str] = []
    names = ("queue", "store", "blobs", "devices", "node", "conditions")
    app = build_app(settings_for(tmp_path), **{name: Port(name, closed) for name in names})
    telemetry: Any = Port("telemetry", closed)
    app.telemetry = telemetry

    with pytest.raises(UnavailableError):
        await app.close()

    assert closed == [*names, "telemetry"]
