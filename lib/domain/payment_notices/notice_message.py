"""Build the message of a payment notice."""

from dataclasses import replace

from ulid import ULID

from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.new_message import NewMessage
from lib.domain.payment_notices.notice import Notice
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp


def notice_message(notice: Notice, id_: MessageId, sender: Sender, rendered: NewMessage) -> Message:
    """Return the message of a term, created at the time in its id.

    `rendered`: the text of the message, in the language of the notice.
    """
    message = accepted(
        rendered,
        sender.service,
        user_id=sender.user_id,
        intermediary=sender.intermediary_fiscal_code,
        recipient=notice.fiscal_code,
        id_=id_,
        created_at=timestamp(ULID.from_str(id_).datetime),
    )
    return replace(
        message,
        notice_version=notice.version,
        language=notice.language,
        reference=notice.reference,
        amended_at=tuple(amendment.at for amendment in notice.amendments),
        evidence_id=sender.evidence_id,
    )
