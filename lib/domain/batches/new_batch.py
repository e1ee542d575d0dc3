"""A batch as a sender asks for it."""

from datetime import time
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from lib.domain.attachments.attached_file import MOST_OF_A_MESSAGE
from lib.domain.batches.pace import Pace
from lib.domain.batches.status import Lane
from lib.domain.batches.templates.template import TEMPLATE_NAME_PATTERN, TemplateForm
from lib.domain.messages.new_message import DEFAULT_TIME_TO_LIVE, FeatureLevel, each_once
from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.described import FEATURE_LEVEL, SECOND_LANGUAGE, TIME_TO_LIVE, says
from lib.domain.shared.due_date import DueDate
from lib.domain.shared.identifiers import AttachmentId, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, Flag, IOType, TextOf, ZonedTimestamp

MAX_INLINE_RECIPIENTS: Final = 1000
"""The most recipients in the body of a new batch; longer lists are uploaded."""


class TemplateName(Model):
    """A stored template."""

    name: Annotated[
        str, Field(pattern=TEMPLATE_NAME_PATTERN), says("The name of a template of your service.")
    ]
    version: Annotated[
        int | None, Field(ge=1), NOT_NULL, says("Its version. Absent: the present one.")
    ] = None


def _whole_minute(clock: time) -> time:
    """Return the time of day, which is stored in minutes and always means Italy's clock."""
    if clock.tzinfo is not None or clock.second or clock.microsecond:
        raise ValueError("must be hours and minutes without a time zone, such as 08:00")
    return clock


class SendWindow(Model):
    """The hours of the day in which rows are sent, by the clock of Italy."""

    start: Annotated[time, AfterValidator(_whole_minute), says("The start, such as 08:00.")]
    end: Annotated[
        time,
        AfterValidator(_whole_minute),
        says("The end. An end before the start is on the day after."),
    ]

    @model_validator(mode="after")
    def _is_open(self) -> "SendWindow":
        if self.start == self.end:
            raise ValueError("start and end must be different")
        return self


class BatchMessage(Model):
    """The fields that all messages of a batch have in common, beside their text."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    time_to_live: Annotated[int, Field(strict=True, ge=3600, le=604_800), TIME_TO_LIVE] = (
        DEFAULT_TIME_TO_LIVE
    )
    feature_level_type: Annotated[FeatureLevel, FEATURE_LEVEL] = "STANDARD"
    require_secure_channels: Annotated[
        Flag | None,
        NOT_NULL,
        says(
            "Whether the messages stay out of e-mails, and their pushes name neither sender nor "
            "subject. Absent: as your service is set."
        ),
    ] = None
    due_date: Annotated[
        DueDate | None,
        NOT_NULL,
        says("The due date of each row that has none of its own. Absent: there is none."),
    ] = None
    second_language: Annotated[SecondLanguage | None, NOT_NULL, SECOND_LANGUAGE] = None
    reminders: Annotated[
        ReminderPolicy | None,
        NOT_NULL,
        says("When to remind of the messages. Absent: the policy of your service counts."),
    ] = None


class NewBatch(BatchMessage):
    """The body of a new batch. Its text is either `content` or a stored template."""

    name: Annotated[str, TextOf(1, 120), says("Your name for the batch; no citizen sees it.")]
    content: Annotated[
        TemplateForm | None,
        NOT_NULL,
        says("The text, with or without placeholders. Absent: `template` names it."),
    ] = None
    template: Annotated[
        TemplateName | None, NOT_NULL, says("A stored template. Absent: `content` is the text.")
    ] = None
    recipients: Annotated[
        list[dict[str, Any]] | None,
        Field(min_length=1, max_length=MAX_INLINE_RECIPIENTS),
        NOT_NULL,
        says(
            "Up to 1,000 recipients, with the members of the rows of a list. Absent: the list is "
            "uploaded to `/api/v1/batches/{id}/recipients`."
        ),
    ] = None
    lane: Annotated[
        Literal["URGENT", "BULK"],
        says("URGENT: before the batches that are not. The default is BULK."),
    ] = "BULK"
    rows_per_minute: Annotated[
        int | None,
        Field(strict=True, ge=1, le=100_000),
        NOT_NULL,
        says("The most rows that are sent in a minute. Absent: as fast as possible."),
    ] = None
    send_window: Annotated[
        SendWindow | None,
        NOT_NULL,
        says("The hours in which rows are sent. Absent: at any hour."),
    ] = None
    start_at: Annotated[
        ZonedTimestamp | None,
        NOT_NULL,
        says(
            "When sending starts at the earliest: date and time with a time zone, at most 90 days "
            "ahead. Absent: once you ask for it."
        ),
    ] = None
    attachments: Annotated[
        tuple[Annotated[AttachmentId, *UlidField.__metadata__], ...] | None,
        Field(min_length=1, max_length=MOST_OF_A_MESSAGE),
        AfterValidator(each_once),
        NOT_NULL,
        IOType(("array of attachment ids",), "must be 1 to 10 ids of files, each once"),
        says(
            "The ids of files that you uploaded, 1 to 10, which every message of the batch gets. "
            "So they may be about no one of the citizens. Absent: there are none."
        ),
    ] = None
    needs_approval: Annotated[
        Flag, says("Whether a second person must approve the batch. The default is false.")
    ] = False

    @model_validator(mode="after")
    def _has_one_text(self) -> "NewBatch":
        if (self.content is None) is (self.template is None):
            raise ValueError("must have either content or template")
        return self

    @property
    def pace(self) -> Pace:
        """How fast the batch is sent."""
        window = self.send_window
        return Pace(self.rows_per_minute, (window.start, window.end) if window else None)

    @property
    def wanted_lane(self) -> Lane:
        """The lane of the batch."""
        return Lane(self.lane)

    @property
    def common(self) -> dict[str, Any]:
        """The stored form of what all messages have in common, beside their text.

        `message` and `content`: members of a submission. `due_day`: as in DueMoment.
        """
        of_content = {"require_secure_channels", "due_date", "second_language"}
        of_message = {*BatchMessage.model_fields} - of_content
        due = self.due_date
        return {
            "message": self.model_dump(mode="json", include=of_message, exclude_none=True),
            "content": self.model_dump(mode="json", include=of_content, exclude_none=True),
            "due_day": due.day if isinstance(due, DueMoment) else None,
        }
