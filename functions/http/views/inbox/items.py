"""Messages in the lists of the app: IO's fields, with due date and payment."""

from typing import Annotated

from pydantic import ConfigDict

from functions.http.views.words.about import AboutView
from lib.domain.messages.message_parts import CategoryTag
from lib.domain.payments.payment import PaymentStatus
from lib.domain.shared.described import (
    BINNED_UNTIL,
    CREATED_AT,
    DUE_AT,
    IS_ARCHIVED,
    IS_READ,
    IS_STARRED,
    PAYMENT_STATUS,
    SENDER_SERVICE,
    TIME_TO_LIVE,
    says,
)
from lib.domain.shared.identifiers import (
    FiscalCodeField,
    MessageIdField,
    OrganizationFiscalCode,
    RptId,
    ServiceId,
)
from lib.domain.shared.model import Model


class Category(Model):
    """The kind of a message, with the payment of a PAYMENT."""

    model_config = ConfigDict(frozen=True)

    tag: Annotated[
        CategoryTag,
        says(
            "What kind of message it is. PAYMENT: it asks for a payment. "
            "EU_COVID_CERT: it brings a certificate. GENERIC: any other."
        ),
    ]
    rptId: Annotated[  # noqa: N815 - IO's name on the wire
        RptId | None,
        says(
            "The payment that the message asks for: the payee's fiscal code, 11 "
            "digits, and the notice number, 18 digits. Absent where `tag` is not "
            "PAYMENT."
        ),
    ] = None


class InboxItem(Model):
    """A message in the list. The fields after `time_to_live` are present only with enrichment.

    `amended_at`: the latest times at which the sender changed the payment notice, oldest first.
    """

    id: MessageIdField
    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen who received the message.")
    ]
    created_at: Annotated[str, CREATED_AT]
    sender_service_id: Annotated[ServiceId, SENDER_SERVICE]
    time_to_live: Annotated[int, TIME_TO_LIVE]
    service_name: Annotated[
        str | None,
        says(
            "The name of the service that sent the message, as it was when it was "
            "accepted. Absent: it was not asked for with `enrich_result_data` or "
            "`public_message`."
        ),
    ] = None
    organization_name: Annotated[
        str | None,
        says(
            "The name of the public administration that the service belongs to. "
            "Absent: it was not asked for with `enrich_result_data` or "
            "`public_message`."
        ),
    ] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCode | None,
        says(
            "The fiscal code of the public administration, 11 digits. Absent: it was "
            "not asked for with `enrich_result_data` or `public_message`."
        ),
    ] = None
    message_title: Annotated[
        str | None,
        says(
            "The subject of the message. Absent: it was not asked for with "
            "`enrich_result_data` or `public_message`."
        ),
    ] = None
    is_read: Annotated[bool | None, IS_READ] = None
    is_archived: Annotated[bool | None, IS_ARCHIVED] = None
    category: Annotated[
        Category | None,
        says(
            "What kind of message it is, for the app's icon and filter. Absent: it "
            "was not asked for with `enrich_result_data` or `public_message`."
        ),
    ] = None
    has_attachments: Annotated[
        bool | None,
        says(
            "Whether the message has files, stored here or at the sender. Absent: it was not "
            "asked for with `enrich_result_data` or `public_message`."
        ),
    ] = None
    has_precondition: Annotated[
        bool | None,
        says(
            "Whether the citizen must confirm a notice before the message opens. Absent: "
            "it was not asked for with `enrich_result_data` or `public_message`."
        ),
    ] = None
    due_date: Annotated[str | None, DUE_AT] = None
    amount: Annotated[
        int | None,
        says("The sum that the message asks for, in euro cents. Absent: it asks for no payment."),
    ] = None
    payment_status: Annotated[PaymentStatus | None, PAYMENT_STATUS] = None
    amended_at: Annotated[
        list[str] | None,
        says(
            "When the sender changed the payment notice: the latest times in UTC, the "
            "oldest first. Absent: it was never changed."
        ),
    ] = None
    withdrawn_at: Annotated[
        str | None,
        says(
            "When the sender withdrew the message, which the citizen had read before: date and "
            "time in UTC. Absent: the message is valid."
        ),
    ] = None
    withdrawal_reason: Annotated[
        str | None,
        says("Why the sender withdrew the message, in plain text. Absent: as `withdrawn_at`."),
    ] = None
    superseded_by: Annotated[
        MessageIdField | None,
        says("The id of the message that the sender sent in its place. Absent: there is none."),
    ] = None
    is_starred: Annotated[bool | None, IS_STARRED] = None
    binned_until: Annotated[str | None, BINNED_UNTIL] = None
    kept_until: Annotated[
        str | None,
        says(
            "Until when the message is kept at least: date and time in UTC. After it the message "
            "is gone, also from archive and bin; documents that you keep stay. Absent: it is kept "
            "for good."
        ),
    ] = None
    about: Annotated[
        AboutView | None,
        says("Whom or what the message is about, beside you. Absent: its sender does not say it."),
    ] = None


class InboxPageAnswer(Model):
    """A page of the inbox; the description of the endpoint has the rules of paging."""

    items: Annotated[list[InboxItem], says("The messages of this page, the newest first.")]
    next: Annotated[
        MessageIdField | None,
        says(
            "The id of the page's oldest message, or of an older one with several filters: pass it "
            "as `maximum_id` for the next page. Absent: no older messages follow."
        ),
    ] = None
    prev: Annotated[
        MessageIdField | None,
        says(
            "The id of the page's newest message, or of a newer one with several filters: pass it "
            "as `minimum_id` for newer messages. Absent: the page is empty."
        ),
    ] = None
