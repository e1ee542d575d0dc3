"""Ask a sender's own system whether a reminder is still needed."""

import asyncio
from typing import Final

from lib import telemetry
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import UnavailableError
from lib.ports.senders.reminder_conditions import DueReminder, ReminderConditions
from lib.use_cases.shared.breaker import Breaker

MAX_CONCURRENT: Final = 4
"""The most requests of one process to one service at a time, for all its addresses."""
PLACE_SECONDS: Final = 1.0
"""The time that a reminder waits for its turn; then reminders of other services go first."""


class _Service:
    def __init__(self) -> None:
        self.places = asyncio.Semaphore(MAX_CONCURRENT)
        self.breaker = Breaker("a reminder's condition")


class AskCondition:
    """Call the sender's condition URL, with a quota and a breaker for each service.

    So a slow service does not delay the other services.
    """

    def __init__(self, conditions: ReminderConditions) -> None:
        self._conditions = conditions
        self._services: dict[ServiceId, _Service] = {}

    async def __call__(self, service_id: ServiceId, url: str, reminder: DueReminder) -> bool:
        """Tell whether the sender wants the reminder sent. Raise UnavailableError."""
        service = self._services.setdefault(service_id, _Service())
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                await service.places.acquire()
        except TimeoutError:
            raise UnavailableError("a reminder's condition is slow") from None
        try:
            with telemetry.call("reminder condition"):
                return await service.breaker(lambda: self._conditions.allows(url, reminder))
        finally:
            service.places.release()
