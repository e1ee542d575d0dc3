"""Predict what the submission of a payment notice would do, without doing it."""

from typing import NamedTuple

from lib.domain.messages.message_id import new_message_id
from lib.domain.payment_notices.notice_request import NewPaymentNotice
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.use_cases.messages.checks.dry_run_message import DryRun, DryRunMessage
from lib.use_cases.payment_notices.apply_payment_notice import message_of_term
from lib.use_cases.payment_notices.submit_payment_notice import NoticePreview, SubmitPaymentNotice


class NoticeDryRun(NamedTuple):
    """The notice that would be stored, and the prediction about its first message."""

    preview: NoticePreview
    message: DryRun


class DryRunNotice:
    """Check a payment notice as its submission would, and predict the rest. It writes nothing.

    Cost: the reads of the submission, and those of DryRunMessage about the recipient.
    """

    def __init__(self, submit: SubmitPaymentNotice, predict: DryRunMessage, clock: Clock) -> None:
        self._submit = submit
        self._predict = predict
        self._clock = clock

    async def __call__(self, sender: Sender, request: NewPaymentNotice) -> NoticeDryRun:
        """Return the prediction; raise the errors of the submission."""
        preview = await self._submit.preview(sender, request)
        notice = preview.notice
        now = self._clock.now()
        id_ = notice.message_ids[0] or new_message_id(now, now)
        message = message_of_term(notice, 0, id_, sender)
        # only a new notice sends a message
        counts = preview.outcome == "NEW"
        return NoticeDryRun(preview, await self._predict.predict(sender, message, counts=counts))
