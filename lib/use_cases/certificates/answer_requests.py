"""Let a service read the requests for its certificates, and answer them by a message."""

from typing import Final

from lib.domain.certificates.certificate_request import CertificateRequest, RequestStatus
from lib.domain.certificates.errors import AnswerWithoutFileError
from lib.domain.certificates.request_answer import RequestAnswer
from lib.domain.messages.content import Content
from lib.domain.messages.errors import IdempotencyKeyReusedError
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.service import Sender, check_groups
from lib.domain.shared.errors import DomainError
from lib.ports.clock import Clock
from lib.repositories.certificates.requests import CertificateRequests
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.submit_message import SubmitMessage

_KEY: Final = "certificate request"


class AnswerRequests:
    """Read and answer the requests of citizens to a service.

    The message of an answer has an idempotency key that follows from the request: so the same
    answer again, after a crash or a lost answer, sends no second message within a day. A file
    belongs to one message in any case.
    Concurrency: while an answer is being sent, its citizen cannot withdraw the request. Of two
    answers at the same time one is sent.
    """

    def __init__(
        self,
        requests: CertificateRequests,
        check: CheckSubmission,
        submit: SubmitMessage,
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._check = check
        self._submit = submit
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

        Raise CertificateRequestNotFoundError, CertificateRequestStateError,
        AnswerWithoutFileError, IdempotencyKeyReusedError, and the refusals of SubmitMessage.
        Cost: two reads and two replaces, that of CheckSubmission, and that of SubmitMessage with a
        key.
        """
        if (answer.outcome == "FULFILLED") is not bool(answer.attachments):
            raise AnswerWithoutFileError
        service_id, now = sender.service.id, self._clock.now()
        request = await self._requests.get(service_id, id_)
        if request.status == answer.outcome and request.message_id is not None:
            return request
        content = Content(subject=answer.subject, markdown=answer.markdown)
        new = NewMessage(content=content)
        if answer.attachments:
            new = new.model_copy(update={"attachments": answer.attachments})
        # no sender can use a key with a line feed
        how = {"recipient_in_path": request.fiscal_code, "idempotency_key": f"{_KEY}\n{id_}"}
        check_groups(sender, new)
        request.answering(now)
        # an answer that is refused leaves the request as it is
        await self._check(sender, new, **how)
        await self._requests.change(service_id, id_, lambda found: found.answering(now))
        try:
            submitted = await self._submit(sender, new, **how)
        except IdempotencyKeyReusedError:
            # another answer is being sent
            raise
        except DomainError:
            await self._requests.change(service_id, id_, lambda found: found.waiting_again(now))
            raise
        message_id = submitted.message_id
        return await self._requests.change(
            service_id,
            id_,
            lambda found: found.answered(answer.outcome, answer.reason, message_id, now),
        )
