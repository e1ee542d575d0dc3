"""A push sender for the local stack: notifications are captured in a file, one JSON a line."""

import os
from dataclasses import asdict
from pathlib import Path

import orjson

from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.push import PushNotification


class CapturedPush:
    """Appends to `notifications.jsonl`; a line is written whole, whoever else writes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    async def send(self, notification: PushNotification) -> None:
        """Return when the line is in the file."""
        captured = {
            "channel": "PUSH",
            "captured_at": timestamp(self._clock.now()),
            **asdict(notification),
        }
        line = orjson.dumps(captured, option=orjson.OPT_APPEND_NEWLINE)
        # one write to a file opened for appending is atomic between processes
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)
