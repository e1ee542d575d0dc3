"""What the queues carry. An item names things and decisions; the content stays in the store."""

import json
import random
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from lib.domain.payments.payment import RptId
from lib.domain.profiles.choices import DAILY, Language
from lib.domain.shared.values import FiscalCodeField

FIRST_DELAY_SECONDS: Final = 30
LAST_DELAY_SECONDS: Final = 600
LEAST_SHARE: Final = 0.75
"""Of a delay: what one outage put back together does not come back together."""
GIVE_UP_SECONDS: Final = 7 * 24 * 3600

_OF_ITS_TRACE: Final = frozenset({"traceparent", "due"})


type Moment = Annotated[float, Field(allow_inf_nan=False)]


class Item(BaseModel):
    """Base of all items. `attempt` and `first_seen` count the times an outage put it back.

    Members it does not know are another version's: while one replaces the other, both read the
    same queue. Neither takes the other's items for poison, nor puts them back with less in them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    attempt: Annotated[int, Field(ge=0)] = 0
    first_seen: Annotated[Moment | None, Field(description="seconds since 1970")] = None
    traceparent: Annotated[str | None, Field(description="W3C Trace Context of who queued it")] = (
        None
    )
    due: Annotated[Moment | None, Field(description="seconds since 1970; to be run from then")] = (
        None
    )

    def text(self) -> str:
        """Return the item as queued."""
        return self.model_dump_json(exclude_defaults=True)


class MessageSubmitted(Item):
    """A message is stored as ACCEPTED and waits for its fan-out."""

    fiscal_code: FiscalCodeField
    message_id: str
    service_id: str


NotificationKind = Literal["MESSAGE", "UNREAD", "REMINDER", "DIGEST"]
"""A new message; one not read for days; a due date that comes near; what was held back today."""
NotificationChannel = Literal["PUSH", "EMAIL"]


class Sending(Item):
    """Something is to be sent once: whoever claims it sends it."""

    unsent: Annotated[
        tuple[str, ...], Field(description="claims of earlier attempts that ended before a send")
    ] = ()


class NotificationRequested(Sending):
    """A citizen is to be told of a message in the inbox; `full` shows sender and title.

    `count`, of a digest: how many messages it stands for.
    """

    fiscal_code: FiscalCodeField
    message_id: str
    kind: NotificationKind
    channel: NotificationChannel
    step: Annotated[
        str, Field(pattern="^[0-9A-Za-z-]*$", description="which of several of this kind")
    ] = ""
    full: bool = False
    language: Language = "it_IT"
    until: Annotated[float | None, Field(description="seconds since 1970; none later")] = None
    count: Annotated[int, Field(ge=1)] = 1
    at_most: Annotated[int, Field(ge=0, description="a day, of those that are not urgent")] = DAILY


class EmailValidationRequested(Sending):
    """A citizen asked for a link that validates their e-mail address."""

    fiscal_code: FiscalCodeField
    validation_id: str


class EmailAddressChanged(Sending):
    """A validated e-mail address left a profile; `change_id` finds the address there."""

    fiscal_code: FiscalCodeField
    change_id: str


class InstallationChanged(Item):
    """A citizen's devices have changed, and the push service is to be told.

    `channel` is one that was registered; those that left are on the citizen's list.
    """

    fiscal_code: FiscalCodeField
    channel: str | None = None


class PaymentUpdated(Item):
    """A payment changed, and the messages that carry it do not say so yet."""

    rpt_id: RptId


SenderEventName = Literal["REACHED", "NOT_REACHED", "READ", "REMINDED", "PAID", "REVERSED"]


class SenderEvent(Item):
    """Something became of a sender's message, to be counted once however often it is told.

    `day`: of the event, in Italy. `noted_at`: when our store learned of it, the same each time it
    is told. `step`: which reminder; of PAID the last one before it, or NONE.
    """

    service_id: str
    message_id: str
    event: Annotated[
        str, Field(pattern="^[A-Z_]{1,32}$", description="SenderEventName, or another version's")
    ]
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    noted_at: Annotated[str, Field(description="as `values.timestamp`")]
    step: Annotated[str, Field(pattern="^[0-9A-Za-z-]{0,32}$")] = ""

    @property
    def key(self) -> str:
        """What there is one of for a message: it is paid once, but reminded several times."""
        return f"{self.event}-{self.step}" if self.event == "REMINDED" else self.event

    @property
    def counter(self) -> str:
        """What it adds one to: payments are counted by the reminder before them."""
        return f"{self.event}-{self.step}" if self.event == "PAID" else self.event


class ReminderDue(Item):
    """The moment of a message's next reminder has come.

    `due_at`, as in `values.timestamp`, tells it from those that were planned and given up since.
    """

    fiscal_code: FiscalCodeField
    message_id: str
    due_at: str


class InstalmentDue(Item):
    """The time has come for an instalment to become a message of its own."""

    rpt_id: RptId


class DigestDue(Item):
    """The moment of a citizen's digest has come; `day` is the one in Italy that it was for."""

    fiscal_code: FiscalCodeField
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


def renewed(text: str, stamp: Mapping[str, Any]) -> str:
    """Return an item's text as if it were queued for the first time, with the stamp's members.

    Another text is returned as it is.
    """
    return _changed(text, frozenset(Item.model_fields), stamp)


def untraced(text: str) -> str:
    """Return an item's text as it is where nothing is traced; another text as it is."""
    return _changed(text, _OF_ITS_TRACE, {})


def _changed(text: str, without: frozenset[str], added: Mapping[str, Any]) -> str:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(members, dict):
        return text
    kept = {name: value for name, value in members.items() if name not in without}
    return json.dumps({**added, **kept}, separators=(",", ":"))


def delay_before(attempt: int) -> int:
    """Return the most seconds until attempt `attempt` (from 1): 30 s doubling to 10 minutes."""
    return min(FIRST_DELAY_SECONDS << min(attempt - 1, 10), LAST_DELAY_SECONDS)


def drawn_delay(attempt: int) -> float:
    """Draw the seconds until that attempt: LEAST_SHARE of `delay_before` at least, all at most."""
    share = random.uniform(LEAST_SHARE, 1)  # noqa: S311 - spreads load, hides nothing
    return share * delay_before(attempt)
