"""A push service that is slow, so that pushes wait in their queue."""

from typing import override

from lib.composition.app import App
from lib.use_cases.notifications.pace import Pace


class SlowPace(Pace):
    """The pace of a service that is slow all the time."""

    @property
    @override
    def is_slow(self) -> bool:
        """Whether the service is slow: always."""
        return True


def queue_pushes(app: App) -> None:
    """Let each push of the app go through its queue, as it does while the service is slow."""
    app.notifications.at_once.pace = SlowPace()
