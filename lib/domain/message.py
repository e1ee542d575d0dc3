"""A message as a PA submits it: IO's schema, rules and defaults."""

from typing import Annotated, Any, Final, Literal
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lib.domain.deadline import DueMoment, day_written
from lib.domain.reminder_policy import ReminderPolicy
from lib.domain.values import (
    INTEGRAL,
    NOT_NULL,
    Cents,
    Email,
    FiscalCodeField,
    Flag,
    IOType,
    MessageId,
    NonEmpty,
    NoticeNumber,
    OrganizationFiscalCode,
    TextOf,
    Timestamp,
    null_means,
    parse_clock,
    timestamp,
)

DEFAULT_TIME_TO_LIVE: Final = 3600

Precondition = Literal["ALWAYS", "ONCE", "NEVER"]
FeatureLevel = Literal["STANDARD", "ADVANCED"]
DefaultFalse = Annotated[Flag, null_means(default=False)]


def due_moment(text: str) -> DueMoment:
    """Return a due date in UTC, with the day that was meant by the clock that was written."""
    clock = parse_clock(text)
    return DueMoment(timestamp(clock), day_written(clock))


def one_line(subject: str) -> str:
    """Return the subject; raise ValueError where it has what no line of text has."""
    for place, character in enumerate(subject, 1):
        if category(character) in {"Cc", "Zl", "Zp"}:
            msg = f"must be one line without control characters; character {place} is one"
            raise ValueError(msg)
    return subject


IODueDate = Annotated[
    str,
    AfterValidator(due_moment),
    Field(json_schema_extra={"format": "date-time"}),
    IOType(
        ("UtcOnlyIsoDateFromString", "TimezoneOnlyIsoDateFromString"),
        "must be a date and time with seconds, such as 2027-06-30T21:59:59Z",
    ),
]


class Part(BaseModel):
    """Part of a message; unknown fields are dropped, and reported by the endpoint."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Payee(Part):
    """Who is paid, where it is not the sender's own organisation."""

    fiscal_code: OrganizationFiscalCode


class PaymentData(Part):
    """A pagoPA payment notice; the amount is in euro cents."""

    amount: Cents
    notice_number: NoticeNumber
    invalid_after_due_date: DefaultFalse = False
    payee: Annotated[Payee | None, NOT_NULL, IOType(("Payee",))] = None


class ThirdPartyData(Part):
    """Content the sender keeps and the app fetches when it is opened."""

    id: NonEmpty
    original_sender: Annotated[NonEmpty | None, NOT_NULL] = None
    original_receipt_date: Annotated[Timestamp | None, NOT_NULL] = None
    has_attachments: DefaultFalse = False
    has_remote_content: DefaultFalse = False
    has_precondition: Annotated[Precondition | None, NOT_NULL, IOType(("HasPrecondition",))] = None
    summary: Annotated[NonEmpty | None, NOT_NULL] = None
    configuration_id: Annotated[MessageId | None, NOT_NULL] = None


class EUCovidCert(Part):
    """The key to an EU Covid certificate."""

    auth_code: Annotated[str, IOType(("string",))]


class PrescriptionData(Part):
    """A medical prescription."""

    nre: Annotated[str, TextOf(15, 15)]
    iup: Annotated[Annotated[str, TextOf(1, 16)] | None, NOT_NULL] = None
    prescriber_fiscal_code: Annotated[FiscalCodeField | None, NOT_NULL] = None


class LegalData(Part):
    """Where a certified e-mail (PEC) message comes from."""

    sender_mail_from: NonEmpty
    message_unique_id: NonEmpty
    has_attachment: DefaultFalse = False
    original_message_url: Annotated[NonEmpty | None, NOT_NULL] = None
    pec_server_service_id: Annotated[NonEmpty | None, NOT_NULL] = None


class Content(Part):
    """What the citizen reads."""

    subject: Annotated[str, TextOf(10, 120), AfterValidator(one_line)]
    markdown: Annotated[str, TextOf(80, 10_000)]
    due_date: Annotated[IODueDate | None, NOT_NULL] = None
    require_secure_channels: Annotated[Flag | None, NOT_NULL] = None
    payment_data: Annotated[PaymentData | None, NOT_NULL, IOType(("PaymentData",))] = None
    third_party_data: Annotated[ThirdPartyData | None, NOT_NULL, IOType(("ThirdPartyData",))] = None
    eu_covid_cert: Annotated[EUCovidCert | None, NOT_NULL, IOType(("EUCovidCert",))] = None
    prescription_data: Annotated[
        PrescriptionData | None, NOT_NULL, IOType(("PrescriptionData",))
    ] = None
    legal_data: Annotated[LegalData | None, NOT_NULL, IOType(("LegalData",))] = None


class DefaultAddresses(Part):
    """Accepted for the sake of old clients, then discarded, as IO does."""

    email: Annotated[Email | None, NOT_NULL] = None


_TIME_TO_LIVE_NAMES: Final = ("integer >= 3600 and < 604800", "604800")


class NewMessage(Part):
    """The body of a submission. `time_to_live`, in seconds, bounds when a push is still sent.

    `reminders`, not IO's: what it says goes before the service's policy, for this message alone.
    """

    fiscal_code: Annotated[FiscalCodeField | None, NOT_NULL] = None
    time_to_live: Annotated[
        int,
        Field(strict=True, ge=3600, le=604_800),
        INTEGRAL,
        null_means(DEFAULT_TIME_TO_LIVE),
        IOType(_TIME_TO_LIVE_NAMES * 2),
    ] = DEFAULT_TIME_TO_LIVE
    feature_level_type: Annotated[
        FeatureLevel, null_means("STANDARD"), IOType(("FeatureLevelType",) * 2)
    ] = "STANDARD"
    default_addresses: Annotated[
        DefaultAddresses | None, NOT_NULL, IOType(("NewMessageDefaultAddresses",))
    ] = None
    reminders: Annotated[ReminderPolicy | None, NOT_NULL, IOType(("ReminderPolicy",))] = None
    content: Annotated[Content, IOType(("Exact<MessageContentBase>", "Exact<MessageContent2>"))]


def content_of(message: NewMessage) -> dict[str, Any]:
    """Return the content as stored and answered: defaults filled in, absent fields left out."""
    return message.content.model_dump(exclude_none=True)


def due_day_of(message: NewMessage) -> str | None:
    """Return the day that its sender wrote, as in DueMoment."""
    due = message.content.due_date
    return due.day if isinstance(due, DueMoment) else None
