"""A push sender for the sandbox, which writes notifications to `notifications.jsonl`."""

from dataclasses import asdict
from pathlib import Path

from lib.adapters.embedded.captured.file import CapturedFile
from lib.ports.clock import Clock
from lib.ports.push import PushNotification, browser_payload


class CapturedPush:
    """A push sender that writes notifications to a file.

    `web_push` is what a browser's service worker would get.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file = CapturedFile(path, clock)

    async def send(self, notification: PushNotification) -> None:
        """Write the notification to the file; raise NotSentError."""
        payload = browser_payload(
            notification.title,
            notification.body,
            notification.message_id,
            notification.delegation_id,
        )
        self._file.keep("PUSH", {**asdict(notification), "web_push": payload})
