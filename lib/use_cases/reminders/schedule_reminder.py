"""Plan a message's reminders anew, after something they follow from has changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.profiles.recipient import Profile
from lib.domain.reminders.decision import first
from lib.domain.reminders.plan import Step, steps
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore, PatchOperation
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.reminder_fields import (
    announced,
    next_of,
    pointed_at,
    reminded,
    settled,
)
from lib.repositories.profiles.recipients import Recipients
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.reminders.reminder_entry import reminder_entry

TRIES: Final = 8

type Wish = Callable[[Document, Profile | None], Mapping[str, Any]]


def _nothing(_: Document, __: Profile | None) -> Mapping[str, Any]:
    return {}


class ScheduleReminder:
    """Schedule the next reminder of a message, or take it off the schedule.

    The entry is written first, then the message that names it. An entry that no message names has
    no effect, so a crash in between has none either.
    Cost: two point reads, one upsert and one patch.
    Concurrency: a repeated run changes nothing.
    """

    def __init__(self, store: DocumentStore, clock: Clock) -> None:
        self._messages = Messages(store)
        self._recipients = Recipients(store)
        self._schedule = Schedule(store)
        self._clock = clock

    async def __call__(
        self, fiscal_code: str, message_id: str, wish: Wish = _nothing
    ) -> Document | None:
        """Write what `wish` makes of the message's fields, too, and return it as it is then.

        None where the message is in no inbox. `wish` may be called several times, and raise.
        Raise UnavailableError, where others change the message too often, too.
        """
        profile = await self._recipients.profile(fiscal_code)
        for _ in range(TRIES):
            try:
                stored = await self._messages.stored(fiscal_code, message_id)
            except MessageNotFoundError:
                return None
            document = stored.document
            if document["status"] != "PROCESSED":
                return None
            fields = dict(wish(document, profile))
            wanted = {**document, **fields}
            now = self._clock.now()
            step = None if wanted.get("reminders_done") else _coming(wanted, profile, now)
            if step is not None:
                await self._schedule.put(reminder_entry(fiscal_code, message_id, step.at), now)
            operations = [
                *(PatchOperation("set", f"/{name}", value) for name, value in fields.items()),
                *(pointed_at(step) if "reminder_log" in document else announced(step)),
            ]
            if not operations:
                return document
            try:
                changed = await self._messages.patch(
                    fiscal_code, message_id, operations, if_match=stored.etag
                )
            except NotFoundError:
                return None
            except PreconditionFailedError:
                continue
            return changed.document
        raise UnavailableError("a message is being changed too often", retry_after=1)


def _coming(document: Document, profile: Profile | None, now: datetime) -> Step | None:
    """Return the step to come; one whose moment has come is not lost, put off or in its queue."""
    facts, pending = reminded(document, profile), next_of(document)
    if pending is not None and any(
        one.name == pending.name and min(one.at, pending.at) <= now for one in steps(facts)
    ):
        return pending
    return first(facts, now, settled(document))
