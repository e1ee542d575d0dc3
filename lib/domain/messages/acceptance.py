"""Turn a submission into an accepted message that waits for its fan-out."""

from typing import Literal, Protocol

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.messages.content import Content, Precondition
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import (
    Category,
    InlineContent,
    MessageSender,
    PaymentRequest,
    StatusChange,
)
from lib.domain.messages.message_reminders import MessageReminders
from lib.domain.messages.new_message import NewMessage, due_day_of
from lib.domain.messages.words.variants import SECOND_LANGUAGE, SecondLanguage
from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.identifiers import (
    EvidenceId,
    FiscalCode,
    MessageId,
    OrganizationFiscalCode,
    ServiceId,
)


class SendingService(Protocol):
    """The fields of the sending service that the message copies."""

    @property
    def id(self) -> ServiceId: ...
    @property
    def name(self) -> str: ...
    @property
    def organization_name(self) -> str: ...
    @property
    def organization_fiscal_code(self) -> OrganizationFiscalCode: ...
    @property
    def require_secure_channels(self) -> bool: ...
    @property
    def category(self) -> Literal["STANDARD", "SPECIAL"]: ...
    @property
    def reminder_policy(self) -> ReminderPolicy: ...
    @property
    def duplicate_policy(self) -> DuplicatePolicy: ...
    @property
    def second_language(self) -> SecondLanguage | None: ...


def accepted(
    new: NewMessage,
    service: SendingService,
    *,
    user_id: str,
    intermediary: OrganizationFiscalCode | None = None,
    recipient: str,
    id_: MessageId,
    created_at: str,
    evidence_id: EvidenceId | None = None,
    files: tuple[AttachedFile, ...] = (),
    precondition: Precondition = "NEVER",
) -> Message:
    """Return the ACCEPTED message of a submission, with all the data that its fan-out needs.

    `user_id` names the user of the sender's key; `created_at` is as `values.timestamp` writes it.
    `files`: the uploaded files that it has.
    `precondition`: of the message, or of its configuration where the message says nothing.
    """
    content = _content(new.content, service)
    payment, third_party = content.payment, new.content.third_party_data
    variants = new.content.variants
    secure = new.content.require_secure_channels
    policy = service.reminder_policy
    if new.reminders is not None:
        policy = new.reminders.over(policy)
    return Message(
        id=id_,
        fiscal_code=FiscalCode(recipient),
        created_at=created_at,
        sender=MessageSender(
            service.id,
            service.name,
            service.organization_name,
            service.organization_fiscal_code,
        ),
        sender_user_id=user_id,
        intermediary=intermediary,
        evidence_id=evidence_id,
        time_to_live=new.time_to_live,
        feature_level=new.feature_level_type,
        content=content,
        title=content.subject,
        category=_category(new.content, payment),
        has_attachments=bool(files or (third_party and third_party.has_attachments)),
        precondition=precondition,
        is_special=service.category == "SPECIAL",
        is_secure=service.require_secure_channels if secure is None else secure,
        status="ACCEPTED",
        status_history=(StatusChange("ACCEPTED", created_at),),
        is_read=False,
        is_archived=False,
        due_date=new.content.due_date,
        due_day=due_day_of(new),
        amount=None if payment is None else payment.amount,
        payment_status=None if payment is None else "NOT_PAID",
        duplicate_policy=ACCEPT if payment is None else service.duplicate_policy,
        reminders=MessageReminders(policy_fields=policy.stored or None),
        amended_at=(),
        reference=new.reference,
        supersedes=new.supersedes,
        about=None if new.about is None else new.about.value,
        attachments=files,
        titles=None if variants is None else variants.titles,
    )


def _content(content: Content, service: SendingService) -> InlineContent:
    """Return the content with a payee, by default the sender's own organisation.

    It has the second language of the service, unless it has one itself.
    """
    asked, fields = content.payment_data, content.model_dump(exclude_none=True)
    if service.second_language is not None:
        fields.setdefault(SECOND_LANGUAGE, service.second_language)
    if asked is None:
        return InlineContent(content.subject, None, fields)
    payee = asked.payee.fiscal_code if asked.payee else service.organization_fiscal_code
    if asked.payee is None:
        fields |= {"payment_data": asked.model_dump() | {"payee": {"fiscal_code": payee}}}
    payment = PaymentRequest(
        amount=asked.amount,
        notice_number=asked.notice_number,
        payee_fiscal_code=payee,
        is_invalid_after_due_date=asked.invalid_after_due_date,
    )
    return InlineContent(content.subject, payment, fields)


def _category(content: Content, payment: PaymentRequest | None) -> Category:
    if content.eu_covid_cert is not None:
        return Category("EU_COVID_CERT")
    if payment is None or content.third_party_data is not None:
        return Category("GENERIC")
    return Category("PAYMENT", payment.rpt_id)
