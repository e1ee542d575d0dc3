"""Messages in answers to their sender."""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from functions.http.contract.answers import StoredContent
from functions.http.contract.prefer import ABOUT as INCLUDE_ABOUT
from functions.http.contract.prefer import REFERENCE as INCLUDE_REFERENCE
from functions.http.contract.prefer import WITHDRAWAL as INCLUDE_WITHDRAWAL
from functions.http.contract.prefer import Include
from functions.http.views.withdrawals import WithdrawalView, withdrawal_view
from functions.http.views.words.about import AboutView
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus, SentStatus
from lib.domain.messages.new_message import FeatureLevel
from lib.domain.messages.sent_facts import ChannelStatus, channel_status, rejection_shown
from lib.domain.messages.words.variants import OF_OURS
from lib.domain.notifications.delivery import Claim
from lib.domain.shared.described import (
    CREATED_AT,
    FEATURE_LEVEL,
    MESSAGE_HISTORY,
    MESSAGE_STATUS,
    SENDER_SERVICE,
    TIME_TO_LIVE,
    says,
)
from lib.domain.shared.identifiers import (
    EvidenceId,
    FiscalCodeField,
    MessageIdField,
    Reference,
    ServiceId,
)
from lib.domain.shared.model import Model
from lib.use_cases.messages.read_sent_message import PaidStatus, ReadStatus, SentMessage


class SentMessageView(Model):
    """The message as its sender sees it."""

    id: MessageIdField
    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen to whom the message was sent.")
    ]
    created_at: Annotated[str, CREATED_AT]
    sender_service_id: Annotated[ServiceId, SENDER_SERVICE]
    time_to_live: Annotated[int, TIME_TO_LIVE]
    feature_level_type: Annotated[FeatureLevel, FEATURE_LEVEL]
    content: Annotated[
        StoredContent | None,
        says(
            "What was sent; `variants` and `second_language` with `Prefer: include=variants`. "
            "Absent only in messages that were rejected before November 2026."
        ),
    ] = None


class StatusChange(Model):
    """A change of the message's status, with its time in UTC."""

    status: Annotated[MessageStatus, MESSAGE_HISTORY]
    at: Annotated[str, says("When the message came to this status: date and time in UTC.")]


class ChannelView(Model):
    """A notification that announced the message."""

    channel: Annotated[Literal["PUSH", "EMAIL"], says("How the message was announced.")]
    status: Annotated[
        ChannelStatus,
        says(
            "PENDING: it is still to be sent. SENT: the push service or the mail server took it. "
            "NOT_SENT: it was not sent, and will not be. UNKNOWN: the push service or the mail "
            "server did not answer."
        ),
    ]
    at: Annotated[str, says("When it came to this status: date and time in UTC.")]


class SentMessageAnswer(Model):
    """The message and its status."""

    message: Annotated[SentMessageView, says("The message as it was accepted.")]
    status: Annotated[SentStatus, MESSAGE_STATUS]
    status_history: Annotated[
        list[StatusChange] | None,
        says(
            "How the message came to its status, the oldest step first. It is there "
            "only with `Prefer: include=history`."
        ),
    ] = None
    reference: Annotated[
        Reference | None,
        says(
            "Your own name for the message. Absent: you gave it none, or did not ask for it with "
            "`Prefer: include=reference`."
        ),
    ] = None
    about: Annotated[
        AboutView | None,
        says(
            "Whom or what the message is about. Absent: you did not say it, or did not ask with "
            "`Prefer: include=about`."
        ),
    ] = None
    rejection_reason: Annotated[
        str | None,
        says(
            "Why the message was rejected. NOT_REACHABLE: the citizen has no inbox, or does not "
            "accept your messages. TOO_MANY_FOR_PAYMENT: too many messages ask for the payment. "
            "ALREADY_PAID and ALREADY_SENT: your service refuses a second message for a payment. "
            "DROPPED: your service dropped the message while it was held. CANCELLED: your service "
            "cancelled it before its set time. SENDER_NOT_ALLOWED, RECIPIENT_NOT_ALLOWED and "
            "AMOUNT_TOO_HIGH: at its set time, your service had no right to send it, to write to "
            "this recipient, or to ask for this amount. DECEASED: the citizen died, by the "
            "register of residents. "
            "It is there only with `Prefer: include=rejection`, and only for a rejected message."
        ),
    ] = None
    channels: Annotated[
        list[ChannelView] | None,
        says(
            "The notifications that announced the message; for 90 days. Empty: there is none, or "
            "the message is not in the inbox. It is there only with `Prefer: include=channels`."
        ),
    ] = None
    withdrawal: Annotated[
        WithdrawalView | None,
        says(
            "Present with `Prefer: include=withdrawal` only, and only for a message "
            "that was withdrawn."
        ),
    ] = None
    evidence_id: Annotated[
        EvidenceId | None,
        says(
            "The evidence of who sent the message; read it at `/api/v1/evidence/{evidence_id}`. "
            "Absent: it was sent without, or you did not ask with `Prefer: include=evidence`."
        ),
    ] = None
    read_status: Annotated[
        ReadStatus | None,
        says(
            "Whether the citizen read the message. UNAVAILABLE: the citizen does not "
            "share it. Absent: the message is not ADVANCED or not PROCESSED, or the "
            "key lacks the group ApiMessageReadAdvanced."
        ),
    ] = None
    payment_status: Annotated[
        PaidStatus | None,
        says(
            "Whether the payment is made; a withdrawn one is NOT_PAID, as in IO. "
            "Absent: the message asks for no payment, or as for `read_status`."
        ),
    ] = None


def seen_by_sender(sent: SentMessage, includes: Collection[Include]) -> SentMessageAnswer:
    """Return the answer to the sender of a message, with its status."""
    message = sent.message
    return SentMessageAnswer(
        message=SentMessageView(
            id=message.id,
            fiscal_code=message.fiscal_code,
            created_at=message.created_at,
            sender_service_id=message.sender.service_id,
            time_to_live=message.time_to_live,
            feature_level_type=message.feature_level,
            content=_content(message, includes),
        ),
        status=message.sent_status,
        withdrawal=withdrawal_view(message.id, message.withdrawal)
        if INCLUDE_WITHDRAWAL in includes and message.withdrawal
        else None,
        status_history=[
            StatusChange(status=one.status, at=one.at) for one in message.status_history
        ]
        if "history" in includes
        else None,
        reference=message.reference if INCLUDE_REFERENCE in includes else None,
        about=AboutView(**message.about._asdict())
        if INCLUDE_ABOUT in includes and message.about is not None
        else None,
        rejection_reason=rejection_shown(message.rejection) if "rejection" in includes else None,
        channels=None if sent.channels is None else [_channel(one) for one in sent.channels],
        evidence_id=message.evidence_id if "evidence" in includes else None,
        read_status=sent.read_status,
        payment_status=sent.payment_status,
    )


def _content(message: Message, includes: Collection[Include]) -> dict[str, Any] | None:
    if message.content is None:
        return None
    fields = message.content.fields
    if "variants" in includes:
        return fields
    return {name: one for name, one in fields.items() if name not in OF_OURS}


def _channel(claim: Claim) -> ChannelView:
    channel: Any = claim.delivery.channel
    return ChannelView(channel=channel, status=channel_status(claim), at=claim.at)
