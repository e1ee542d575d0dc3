"""What the queues carry. An item names things and decisions; the content stays in the store."""

import json
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from lib.domain.values import FiscalCodeField

FIRST_DELAY_SECONDS: Final = 30
LAST_DELAY_SECONDS: Final = 3600
GIVE_UP_SECONDS: Final = 7 * 24 * 3600


class Item(BaseModel):
    """Base of all items. `attempt` and `first_seen` count the times an outage put it back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempt: Annotated[int, Field(ge=0)] = 0
    first_seen: Annotated[float | None, Field(description="seconds since 1970")] = None

    def text(self) -> str:
        """Return the item as queued."""
        return self.model_dump_json(exclude_defaults=True)


class MessageSubmitted(Item):
    """A message is stored as ACCEPTED and waits for its fan-out."""

    fiscal_code: FiscalCodeField
    message_id: str
    service_id: str


class NotificationRequested(Item):
    """A message is in the inbox and its citizen is to be told; `full` shows sender and title."""

    fiscal_code: FiscalCodeField
    message_id: str
    kind: Literal["MESSAGE"]
    channel: Literal["PUSH"]
    full: bool = False
    unsent: Annotated[
        tuple[str, ...], Field(description="claims of earlier attempts that ended before a push")
    ] = ()


def renewed(text: str) -> str:
    """Return an item's text as if it had never been put back; another text as it is."""
    try:
        members = json.loads(text)
    except ValueError:
        return text
    if not isinstance(members, dict):
        return text
    return json.dumps({name: members[name] for name in members if name not in Item.model_fields})


def delay_before(attempt: int) -> int:
    """Return the seconds until attempt `attempt` (from 1) after an outage: 30 s doubling to 1 h."""
    return min(FIRST_DELAY_SECONDS << min(attempt - 1, 10), LAST_DELAY_SECONDS)
