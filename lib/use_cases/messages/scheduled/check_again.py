"""Check whether a scheduled message may still be sent."""

from dataclasses import dataclass

from lib.domain.messages.message import Message
from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.profiles.choices import Rejection
from lib.domain.services.errors import AmountTooHighError, RecipientForbiddenError
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.errors import DomainError
from lib.ports.clock import Clock
from lib.repositories.payments.payments import Payments
from lib.repositories.services.key_holders import KeyHolders
from lib.use_cases.messages.checks.check_submission import CheckSubmission


@dataclass(frozen=True, slots=True)
class Checked:
    """The result: the reason why the message is not sent, or the policy for its payment."""

    rejection: Rejection | None
    policy: DuplicatePolicy = ACCEPT


class CheckAgain:
    """Check a scheduled message by the present rights of its sender, as at its submission.

    Cost: those of a sender that is not cached, and of CheckSubmission's rights; one point read of
    the payment where the message asks for one.
    """

    def __init__(
        self, holders: KeyHolders, check: CheckSubmission, payments: Payments, clock: Clock
    ) -> None:
        self._holders = holders
        self._check = check
        self._payments = payments
        self._clock = clock

    async def __call__(self, message: Message) -> Checked:
        """Return the result.

        The service's present policy for duplicates counts. With ACCEPT, a message whose payment is
        made by now is stopped all the same: its sender could not know of it.
        """
        holder = await self._holder(message)
        if holder is None or holder.service is None:
            return Checked(Rejection.SENDER_NOT_ALLOWED)
        sender = holder.as_sender()
        try:
            await self._check.again(sender, message)
        except RecipientForbiddenError:
            return Checked(Rejection.RECIPIENT_NOT_ALLOWED)
        except AmountTooHighError:
            return Checked(Rejection.AMOUNT_TOO_HIGH)
        except DomainError:
            return Checked(Rejection.SENDER_NOT_ALLOWED)
        policy = sender.service.duplicate_policy
        if policy == ACCEPT and message.rpt_id is not None:
            payment = await self._payments.get(message.rpt_id)
            if payment is not None and payment.status == "PAID":
                policy = "REFUSE"
        return Checked(None, policy)

    async def _holder(self, message: Message) -> KeyHolder | None:
        holder = await self._holders.present(
            message.subscription_id or "", message.sender.service_id, message.sender_user_id
        )
        if holder is None or holder.subscription.has_ended(self._clock.now()):
            return None
        return holder
