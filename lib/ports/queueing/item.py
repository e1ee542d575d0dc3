"""The base of all queue items. An item has ids and decisions; the content stays in the store."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.shared.model import Model

type Moment = Annotated[float, Field(allow_inf_nan=False)]


class Item(Model):
    """Base of all items.

    `attempt`: the number of the attempt, since outages put items back. `first_seen`: the time of
    the first attempt. `is_repeated`: an earlier run may have died, and may have left its effects.
    An item keeps members that this version does not know: during an upgrade, two versions of the
    app read the same queue.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    attempt: Annotated[int, Field(ge=0)] = 0
    first_seen: Annotated[Moment | None, Field(description="seconds since 1970")] = None
    is_repeated: bool = False
    traceparent: Annotated[str | None, Field(description="W3C Trace Context of who queued it")] = (
        None
    )
    due: Annotated[Moment | None, Field(description="seconds since 1970; to be run from then")] = (
        None
    )

    def text(self) -> str:
        """Return the text of the item for the queue."""
        return self.model_dump_json(exclude_defaults=True)


class Sending(Item):
    """Base of items that ask for one send; only the run with the claim sends.

    `outcome`: how an earlier attempt ended, where an outage prevented its storage.
    """

    unsent: Annotated[
        tuple[str, ...], Field(description="claims of earlier attempts that ended before a send")
    ] = ()
    outcome: DeliveryStatus | None = None


_OF_ITS_TRACE: Final = frozenset({"traceparent", "due"})


def renewed(text: str, stamp: Mapping[str, Any]) -> str:
    """Return an item's text as it was first queued, with the members of the stamp.

    A text that is not an item is returned unchanged.
    """
    return _changed(text, frozenset(Item.model_fields), stamp)


def untraced(text: str) -> str:
    """Return an item's text without the members of its trace; other texts unchanged."""
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
