"""Let a service read the requests for its certificates, and answer them by a message."""

import hashlib

from lib.domain.certificates.certificate_request import (
    BegunAnswer,
    CertificateRequest,
    RequestStatus,
)
from lib.domain.certificates.errors import AnswerWithoutFileError
from lib.domain.certificates.request_answer import RequestAnswer
from lib.domain.messages.content import Content
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.service import Sender, check_groups
from lib.domain.shared.errors import DomainError
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.certificates.requests import CertificateRequests
from lib.use_cases.certificates.settle_answer import SettleAnswer
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.submit_message import SubmitMessage


class AnswerRequests:
    """Read and answer the requests of citizens to a service.

    The request keeps the id of the message before the message is stored. So the same answer again,
    at any later time, sends no second message. A file belongs to one message in any case.
    Concurrency: while an answer is being sent, its citizen cannot withdraw the request, and no
    other answer is taken. A process that dies leaves it so: the same answer again ends it, or
    ExpireRequests settles it within SETTLED_AFTER.
    """

    def __init__(
        self,
        requests: CertificateRequests,
        check: CheckSubmission,
        submit: SubmitMessage,
        settle: SettleAnswer,
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._check = check
        self._submit = submit
        self._settle = settle
        self._clock = clock

    async def read(self, sender: Sender, id_: str) -> CertificateRequest:
        """Return a request. Cost: one point read. Raise CertificateRequestNotFoundError."""
        return await self._requests.get(sender.service.id, id_)

    async def page(
        self, sender: Sender, size: int, after: str | None, status: RequestStatus | None
    ) -> list[CertificateRequest]:
        """Return requests in the order in which they were made; see CertificateRequests.page."""
        return await self._requests.page(sender.service.id, size, after, status)

    async def answer(self, sender: Sender, id_: str, answer: RequestAnswer) -> CertificateRequest:
        """Return the answered request; the same answer again changes nothing.

        Raise CertificateRequestNotFoundError, CertificateRequestStateError, AnswerBegunError,
        AnswerWithoutFileError, and the refusals of SubmitMessage.
        Cost: three reads and two replaces, that of CheckSubmission, and that of SubmitMessage with
        a key.
        """
        if (answer.outcome == "FULFILLED") is not bool(answer.attachments):
            raise AnswerWithoutFileError
        service_id, now = sender.service.id, self._clock.now()
        request = await self._requests.get(service_id, id_)
        if request.status == answer.outcome and request.message_id is not None:
            return request
        begun = BegunAnswer(
            new_message_id(now, now), _digest(answer), answer.outcome, answer.reason, timestamp(now)
        )
        request.answering(begun, now)
        new = _message_of(answer)
        check_groups(sender, new)
        # an answer that is refused leaves the request as it is
        await self._check(
            sender, new, recipient_in_path=request.fiscal_code, idempotency_key=_key(begun)
        )
        request = await self._requests.change(
            service_id, id_, lambda found: found.answering(begun, now)
        )
        # that of an earlier call with the same answer
        begun = request.begun or begun
        try:
            await self._submit(
                sender,
                new,
                recipient_in_path=request.fiscal_code,
                idempotency_key=_key(begun),
                message_id=begun.message_id,
            )
        except DomainError:
            settled = await self._settle(request, now)
            if settled.is_open:
                raise
            return settled
        return await self._requests.change(
            service_id, id_, lambda found: found.answered(begun, now)
        )


def _key(begun: BegunAnswer) -> str:
    """Return the idempotency key of the message; no sender can use one with a line feed."""
    return f"certificate request\n{begun.message_id}"


def _digest(answer: RequestAnswer) -> str:
    return hashlib.sha256(answer.model_dump_json().encode()).hexdigest()


def _message_of(answer: RequestAnswer) -> NewMessage:
    new = NewMessage(content=Content(subject=answer.subject, markdown=answer.markdown))
    if not answer.attachments:
        return new
    return new.model_copy(update={"attachments": answer.attachments})
