"""Predict what a submission would do, without doing it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from lib.domain.messages.acceptance import accepted
from lib.domain.messages.checks.cost import MICROCENTS_OF_MESSAGE
from lib.domain.messages.message import Message
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.new_message import NewMessage
from lib.domain.payments.brake import Brake
from lib.domain.profiles.choices import Decision, Language
from lib.domain.profiles.errors import RecipientNotFoundError
from lib.domain.reminders.plan import Step, steps
from lib.domain.services.service import Group, Sender
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.items.notifications import NotificationChannel
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.profiles.recipients.check_recipient import CheckRecipient

Reached = Literal["REACHABLE", "NOT_ALLOWED", "NOT_FOUND"]
"""NOT_ALLOWED: the citizen does not take the service's messages. NOT_FOUND: there is no inbox."""

type TrialLeft = Callable[[Sender], Awaitable[int | None]]
"""Returns the messages that a sender on trial may send today; raises TrialCapError for none."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """The prediction about a message that would be accepted now.

    `reached` is None where the sender may not ask whether a citizen can be reached. `channels`: the
    channels that the message may use; the citizen's choices are not told. `reminders`: the plan
    without the citizen's quiet hours and choices. `brake`: the reason why it would be held.
    `trial_left`: the messages that are left today, with this one; None without a trial.
    `languages`: those of the citizen, as far as the sender may know them.
    """

    reached: Reached | None
    channels: tuple[NotificationChannel, ...]
    reminders: tuple[Step, ...]
    cost_microcents: int
    brake: Brake | None = None
    trial_left: int | None = None
    languages: tuple[Language, ...] = ()


class DryRunMessage:
    """Check a message as its submission would, and predict the rest. It writes nothing.

    Cost: that of CheckSubmission, and that of CheckRecipient where the sender may use it. One point
    read more for a sender on trial.
    """

    def __init__(
        self,
        check: CheckSubmission,
        check_recipient: CheckRecipient,
        request: RequestNotifications,
        trial_left: TrialLeft,
        clock: Clock,
    ) -> None:
        self._check = check
        self._check_recipient = check_recipient
        self._request = request
        self._trial_left = trial_left
        self._clock = clock

    async def __call__(self, sender: Sender, new: NewMessage) -> DryRun:
        """Return the prediction; raise what SubmitMessage would raise."""
        recipient, brake, send_at, files, _ = await self._check(sender, new)
        now = self._clock.now()
        begins = send_at or now
        message = accepted(
            new,
            sender.service,
            user_id=sender.user_id,
            recipient=recipient,
            id_=new_message_id(begins, now),
            created_at=timestamp(begins),
            files=files,
        )
        return await self.predict(sender, message, brake)

    async def predict(
        self,
        sender: Sender,
        message: Message,
        brake: Brake | None = None,
        *,
        counts: bool = True,
    ) -> DryRun:
        """Return the prediction about a message that may be sent.

        `counts`: the message would count for the trial. Raise TrialCapError.
        """
        trial_left = await self._trial_left(sender) if counts else None
        reached, languages = await self._reached(sender, message.fiscal_code)
        return DryRun(
            reached,
            self._request.reachable(message, Decision(None, push=True, email=True)),
            steps(message.reminded(None)),
            MICROCENTS_OF_MESSAGE,
            None if brake is None else brake.told_to(on_behalf=sender.on_behalf),
            trial_left,
            languages,
        )

    async def _reached(
        self, sender: Sender, recipient: str
    ) -> tuple[Reached | None, tuple[Language, ...]]:
        """Return what the sender may learn by a request about the citizen."""
        if Group.LIMITED_PROFILE_READ not in sender.groups:
            return None, ()
        try:
            found = await self._check_recipient(sender, recipient)
        except RecipientNotFoundError:
            return "NOT_FOUND", ()
        reached: Reached = "REACHABLE" if found.sender_allowed else "NOT_ALLOWED"
        return reached, found.preferred_languages
