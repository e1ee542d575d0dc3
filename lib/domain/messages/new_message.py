"""A message as a PA submits it: IO's schema, rules and defaults."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from lib.domain.attachments.attached_file import MOST_OF_A_MESSAGE
from lib.domain.messages.content import Content, ContentModel
from lib.domain.messages.words.about import NewAbout
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.described import FEATURE_LEVEL, REFERENCE, TIME_TO_LIVE, says
from lib.domain.shared.identifiers import (
    AttachmentId,
    FiscalCodeField,
    MessageIdField,
    ReferenceField,
    UlidField,
)
from lib.domain.shared.values import (
    INTEGRAL,
    NOT_NULL,
    Email,
    IOType,
    ZonedTimestamp,
    null_means,
)

DEFAULT_TIME_TO_LIVE: Final = 3600

FeatureLevel = Literal["STANDARD", "ADVANCED"]


class DefaultAddresses(ContentModel):
    """Addresses that old clients send. The app accepts and discards them, as IO does."""

    email: Annotated[
        Email | None,
        NOT_NULL,
        says(
            "It is accepted, since older clients of IO send it, and not used: a "
            "citizen's own address counts."
        ),
    ] = None


def each_once(ids: tuple[AttachmentId, ...]) -> tuple[AttachmentId, ...]:
    if len(set(ids)) != len(ids):
        raise ValueError("must name each file once")
    return ids


_TIME_TO_LIVE_NAMES: Final = ("integer >= 3600 and < 604800", "604800")


class NewMessage(ContentModel):
    """The body of a submission. `time_to_live`, in seconds, limits how late a push is still sent.

    `reminders`, `reference`, `supersedes`, `about`, `attachments` and `send_at` are not fields of
    IO.
    The values of `reminders` override the service's policy for this message.
    """

    fiscal_code: Annotated[
        FiscalCodeField | None,
        NOT_NULL,
        says(
            "The fiscal code of the citizen to write to. It stands either here or in "
            "the path; absent where it is in the path."
        ),
    ] = None
    time_to_live: Annotated[
        int,
        Field(strict=True, ge=3600, le=604_800),
        INTEGRAL,
        null_means(DEFAULT_TIME_TO_LIVE),
        IOType(_TIME_TO_LIVE_NAMES * 2),
        TIME_TO_LIVE,
    ] = DEFAULT_TIME_TO_LIVE
    feature_level_type: Annotated[
        FeatureLevel, null_means("STANDARD"), IOType(("FeatureLevelType",) * 2), FEATURE_LEVEL
    ] = "STANDARD"
    default_addresses: Annotated[
        DefaultAddresses | None,
        NOT_NULL,
        IOType(("NewMessageDefaultAddresses",)),
        says("It is accepted, since older clients of IO send it, and not used."),
    ] = None
    reminders: Annotated[
        ReminderPolicy | None,
        NOT_NULL,
        IOType(("ReminderPolicy",)),
        says(
            "When to remind the citizen of this message. What is set here goes before "
            "the policy of your service. Absent: the policy of your service counts."
        ),
    ] = None
    reference: Annotated[ReferenceField | None, NOT_NULL, REFERENCE] = None
    supersedes: Annotated[
        MessageIdField | None,
        NOT_NULL,
        says(
            "The id of an earlier message of your service to the same citizen, which this message "
            "replaces: it is withdrawn when this message is processed. Absent: none is."
        ),
    ] = None
    about: Annotated[
        NewAbout | None,
        NOT_NULL,
        IOType(("MessageAbout",)),
        says(
            "Whom or what the message is about, beside its recipient. Nobody else gets the "
            "message. Absent: it is not told."
        ),
    ] = None
    attachments: Annotated[
        tuple[Annotated[AttachmentId, *UlidField.__metadata__], ...] | None,
        Field(min_length=1, max_length=MOST_OF_A_MESSAGE),
        AfterValidator(each_once),
        NOT_NULL,
        IOType(("array of attachment ids",), "must be 1 to 10 ids of files, each once"),
        says(
            "The ids of the files that come with the message: you upload them first, to "
            "`/api/v1/attachments`, and each file belongs to one message. Absent: there is none."
        ),
    ] = None
    send_at: Annotated[
        ZonedTimestamp | None,
        NOT_NULL,
        says(
            "When the message is sent: date and time with its zone, at most 90 days ahead. Until "
            "then the message is listed below `/api/v1/scheduled-messages`, where it can be "
            "cancelled, and the citizen sees nothing of it. `time_to_live` counts from this time. "
            "Absent: at once."
        ),
    ] = None
    content: Annotated[
        Content,
        IOType(("Exact<MessageContentBase>", "Exact<MessageContent2>")),
        says("What the citizen reads, with its payment and due date."),
    ]


def due_day_of(message: NewMessage) -> str | None:
    """Return the day that the sender wrote as the due date, as in DueMoment."""
    due = message.content.due_date
    return due.day if isinstance(due, DueMoment) else None
