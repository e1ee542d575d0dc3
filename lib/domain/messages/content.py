"""The content of a message, which the citizen reads: IO's schema and rules."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict

from lib.domain.messages.words.text_rules import MARKDOWN_LENGTH, SUBJECT_LENGTH, one_line
from lib.domain.messages.words.variants import SecondLanguage, Variants
from lib.domain.shared.described import INVALID_AFTER_DUE_DATE, says
from lib.domain.shared.described import SECOND_LANGUAGE as SECOND_LANGUAGE_SAYS
from lib.domain.shared.due_date import IODueDate
from lib.domain.shared.identifiers import (
    FiscalCodeField,
    NoticeNumberField,
    OrganizationFiscalCodeField,
    UlidField,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import (
    NOT_NULL,
    Cents,
    Flag,
    IOType,
    NonEmpty,
    TextOf,
    Timestamp,
    null_means,
)

Precondition = Literal["ALWAYS", "ONCE", "NEVER"]
DefaultFalse = Annotated[Flag, null_means(default=False)]


class ContentModel(Model):
    """Base of the parts of a message. It drops unknown fields; the endpoint reports them."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Payee(ContentModel):
    """The organisation to pay, where it is not the sender's own."""

    fiscal_code: Annotated[
        OrganizationFiscalCodeField,
        says(
            "The fiscal code of the organisation that is paid. It must be your own, or on the "
            "list of your service."
        ),
    ]


class PaymentData(ContentModel):
    """A pagoPA payment notice; the amount is in euro cents."""

    amount: Annotated[Cents, says("The sum to pay, in euro cents.")]
    notice_number: Annotated[NoticeNumberField, says("The notice number of the payment.")]
    invalid_after_due_date: Annotated[DefaultFalse, INVALID_AFTER_DUE_DATE] = False
    payee: Annotated[
        Payee | None,
        NOT_NULL,
        IOType(("Payee",)),
        says(
            "The organisation that is paid, where it is not your own. It needs the "
            "group ApiMessageWriteWithPayee. Absent: your own."
        ),
    ] = None


class ThirdPartyData(ContentModel):
    """The reference to content that the sender keeps and the app fetches when it is opened."""

    id: Annotated[
        NonEmpty, says("The id of the content in your own system, by which it is fetched.")
    ]
    original_sender: Annotated[
        NonEmpty | None,
        NOT_NULL,
        says("The name of the organisation that the content comes from. Absent: your own."),
    ] = None
    original_receipt_date: Annotated[
        Timestamp | None,
        NOT_NULL,
        says(
            "When the content came to you: date and time, in UTC where it has no "
            "zone. Absent: it is not told."
        ),
    ] = None
    has_attachments: Annotated[
        DefaultFalse,
        says(
            "Whether the content has attachments. It needs `feature_level_type` "
            "ADVANCED. The default is false."
        ),
    ] = False
    has_remote_content: Annotated[
        DefaultFalse,
        says(
            "Whether the app fetches subject and text from you when the message is "
            "opened. The default is false."
        ),
    ] = False
    has_precondition: Annotated[
        Precondition | None,
        NOT_NULL,
        IOType(("HasPrecondition",)),
        says(
            "Whether the citizen must confirm a notice before the message opens: ALWAYS, ONCE "
            "(until it was read) or NEVER. Absent: as the configuration says."
        ),
    ] = None
    summary: Annotated[
        NonEmpty | None,
        NOT_NULL,
        says("A summary of the content in plain text. Absent: there is none."),
    ] = None
    configuration_id: Annotated[
        UlidField | None,
        NOT_NULL,
        says(
            "The id of the configuration that says how the content is fetched. It "
            "must be one of your own. Absent: the service has none."
        ),
    ] = None


class EUCovidCert(ContentModel):
    """The key that gives access to an EU Covid certificate."""

    auth_code: Annotated[
        str, IOType(("string",)), says("The code by which the app fetches the certificate.")
    ]


class PrescriptionData(ContentModel):
    """A medical prescription."""

    nre: Annotated[str, TextOf(15, 15), says("The electronic prescription number (NRE).")]
    iup: Annotated[
        Annotated[str, TextOf(1, 16)] | None,
        NOT_NULL,
        says("The unique prescription id (IUP). Absent: there is none."),
    ] = None
    prescriber_fiscal_code: Annotated[
        FiscalCodeField | None,
        NOT_NULL,
        says("The fiscal code of the doctor who prescribed. Absent: it is not told."),
    ] = None


class LegalData(ContentModel):
    """The origin of a message that came by certified e-mail (PEC)."""

    sender_mail_from: Annotated[
        NonEmpty, says("The certified e-mail (PEC) address that sent the original message.")
    ]
    message_unique_id: Annotated[
        NonEmpty, says("The id of the original message in the certified e-mail system.")
    ]
    has_attachment: Annotated[
        DefaultFalse, says("Whether the original message has attachments. The default is false.")
    ] = False
    original_message_url: Annotated[
        NonEmpty | None,
        NOT_NULL,
        says("Where the original message can be fetched. Absent: nowhere."),
    ] = None
    pec_server_service_id: Annotated[
        NonEmpty | None,
        NOT_NULL,
        says("The id of the service that runs the certified e-mail server. Absent: your own."),
    ] = None


class Content(ContentModel):
    """The content of a message, which the citizen reads.

    `variants`, `second_language` and `may_be_translated` are not fields of IO.
    """

    subject: Annotated[
        str,
        SUBJECT_LENGTH,
        AfterValidator(one_line),
        says("The subject of the message: one line of plain text, without control characters."),
    ]
    markdown: Annotated[str, MARKDOWN_LENGTH, says("The text of the message, in Markdown.")]
    due_date: Annotated[
        IODueDate | None,
        NOT_NULL,
        says(
            "By when the citizen must act. A date and time without a zone is in UTC; "
            "the day that the citizen sees is the one that you wrote. Absent: there "
            "is no due date."
        ),
    ] = None
    require_secure_channels: Annotated[
        Flag | None,
        NOT_NULL,
        says(
            "Whether the message stays out of e-mails, and its pushes name neither "
            "sender nor subject. Absent: as your service is set."
        ),
    ] = None
    payment_data: Annotated[
        PaymentData | None,
        NOT_NULL,
        IOType(("PaymentData",)),
        says("The payment that the message asks for. Absent: it asks for none."),
    ] = None
    third_party_data: Annotated[
        ThirdPartyData | None,
        NOT_NULL,
        IOType(("ThirdPartyData",)),
        says("Content that you keep and the app fetches from you. Absent: there is none."),
    ] = None
    eu_covid_cert: Annotated[
        EUCovidCert | None,
        NOT_NULL,
        IOType(("EUCovidCert",)),
        says(
            "The EU Covid certificate that the message brings. It needs the group "
            "ApiMessageWriteEUCovidCert. Absent: there is none."
        ),
    ] = None
    prescription_data: Annotated[
        PrescriptionData | None,
        NOT_NULL,
        IOType(("PrescriptionData",)),
        says("The medical prescription that the message brings. Absent: there is none."),
    ] = None
    legal_data: Annotated[
        LegalData | None,
        NOT_NULL,
        IOType(("LegalData",)),
        says("The certified e-mail that the message comes from. Absent: there is none."),
    ] = None
    variants: Annotated[
        Variants | None,
        NOT_NULL,
        IOType(("Variants",)),
        says(
            "The message in other languages; `subject` and `markdown` are in Italian. Each citizen "
            "gets the variant in the first of their languages that has one, else Italian. Absent: "
            "every citizen gets the Italian text."
        ),
    ] = None
    second_language: Annotated[
        SecondLanguage | None, NOT_NULL, IOType(("SecondLanguage",)), SECOND_LANGUAGE_SAYS
    ] = None
    may_be_translated: Annotated[
        Flag | None,
        NOT_NULL,
        says(
            "False: a citizen cannot have the message translated by machine. Absent: a citizen "
            "can, unless `require_secure_channels` holds."
        ),
    ] = None
