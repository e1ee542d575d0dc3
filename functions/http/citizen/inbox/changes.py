"""The changes of a message that its citizen can make: IO's three, and two of our own."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from lib.domain.inbox.flags import Flags
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.shared.described import BINNED_UNTIL, IS_ARCHIVED, IS_READ, IS_STARRED, says
from lib.domain.shared.model import Model


def _only_true(value: object) -> object:
    if value is not True:
        raise ValueError("must be true: a message that was read stays read")
    return value


OnlyTrue = Annotated[Literal[True], BeforeValidator(_only_true)]


class Reading(Model):
    """Mark the message as read; this cannot be undone."""

    change_type: Annotated[Literal["reading"], says("Which change the body is: always `reading`.")]
    is_read: Annotated[OnlyTrue, says("Always true: a message that was read stays read.")]


class Archiving(Model):
    """Move the message to the archive or back to the inbox."""

    change_type: Annotated[
        Literal["archiving"], says("Which change the body is: always `archiving`.")
    ]
    is_archived: Annotated[
        bool,
        Field(strict=True),
        says("True moves the message to the archive, false brings it back to the inbox."),
    ]


class Bulk(Model):
    """Archive the message or bring it back, and mark it as read in the same call."""

    change_type: Annotated[Literal["bulk"], says("Which change the body is: always `bulk`.")]
    is_archived: Annotated[
        bool,
        Field(strict=True),
        says("True moves the message to the archive, false brings it back to the inbox."),
    ]
    is_read: Annotated[
        OnlyTrue | None,
        says("Always true. Absent or null: the message stays as read or unread as it was."),
    ] = None


class Starring(Model):
    """Mark the message with a star, or take the star away."""

    change_type: Annotated[
        Literal["starring"], says("Which change the body is: always `starring`.")
    ]
    is_starred: Annotated[
        bool, Field(strict=True), says("True gives the message a star, false takes it away.")
    ]


class Binning(Model):
    """Move the message to the bin, or bring it back from there."""

    change_type: Annotated[Literal["binning"], says("Which change the body is: always `binning`.")]
    is_binned: Annotated[
        bool,
        Field(strict=True),
        says("True moves the message to the bin, false brings it back to where it was."),
    ]


MessageStatusChange = Annotated[
    Reading | Archiving | Bulk | Starring | Binning, Field(discriminator="change_type")
]


class StatusAttributes(Model):
    """The citizen's flags of the message. Those beyond IO's two follow a change of ours."""

    is_read: Annotated[bool, IS_READ]
    is_archived: Annotated[bool, IS_ARCHIVED]
    is_starred: Annotated[bool | None, IS_STARRED] = None
    binned_until: Annotated[str | None, BINNED_UNTIL] = None


def flags_of(change: BaseModel) -> Flags:
    """Return the flags that a change sets."""
    return Flags(**{name: value for name, value in change if name != "change_type"})


def attributes_of(message: MessageSummary, change: BaseModel) -> StatusAttributes:
    """Return the answer to a change: IO's members alone after a change of IO's."""
    if not isinstance(change, Starring | Binning):
        return StatusAttributes(is_read=message.is_read, is_archived=message.is_archived)
    return StatusAttributes(
        is_read=message.is_read,
        is_archived=message.is_archived,
        is_starred=message.is_starred,
        binned_until=message.binned_until,
    )
