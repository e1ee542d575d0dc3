"""Deliver an accepted message to its citizen's inbox, or reject it by the citizen's choice."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from lib import telemetry
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.words.variants import Wording
from lib.domain.profiles.choices import BRAKED, Decision, Profile
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.retry_later import RetryLaterError
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.messages.decide_outcome import DecideOutcome
from lib.use_cases.messages.sent.note_sent import NoteSent
from lib.use_cases.messages.translate_notice import TranslateNotice
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.notifications.delegates.announce_message import AnnounceMessage
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.statistics.sender_events import SenderEvents

MAX_READ_ATTEMPTS: Final = 3
"""The attempts to read the message, over three and a half minutes, before the item is dropped."""

type LogSent = Callable[[Message], Awaitable[None]]
"""Logs a message that an intermediary sent."""


class FanOutMessage:
    """Decide whether an accepted message reaches its citizen, and start the next steps.

    Cost: three point reads, one patch, that of AnnounceMessage, and one batch of the list of sent
    messages, which messages that are fanned out at the same time share. A message with a payment:
    two creates more. A message with reminders: one upsert more. A message that an
    intermediary sent: one upsert more.
    Concurrency: a repeated run sends nothing twice, and repeats only the puts.
    """

    def __init__(
        self,
        messages: Messages,
        profiles: Profiles,
        reach: Reach,
        decide: DecideOutcome,
        translate: TranslateNotice,
        clock: Clock,
        announce: AnnounceMessage,
        events: SenderEvents,
        log_sent: LogSent,
        withdraw: WithdrawMessage,
        note: NoteSent,
        *,
        rejected_ttl: int,
    ) -> None:
        self._messages = messages
        self._profiles = profiles
        self._reach = reach
        self._decide = decide
        self._translate = translate
        self._clock = clock
        self._announce = announce
        self._events = events
        self._log_sent = log_sent
        self._withdraw = withdraw
        self._note = note
        self._rejected_ttl = rejected_ttl

    async def __call__(self, item: MessageSubmitted) -> None:
        """Fan the message out; do nothing where it has expired or was deleted.

        Raise UnavailableError where the first attempts do not find the message. The message was
        stored at its acceptance, and a store that lags must not make it vanish. Raise
        RetryLaterError where an outage came after the notifications.
        """
        with self._note.announced() as note:
            await self._fan_out(item, note)

    async def _fan_out(
        self, item: MessageSubmitted, note: Callable[[Message], Awaitable[None]]
    ) -> None:
        fiscal_code, id_ = item.fiscal_code, item.message_id
        try:
            message, profile, preference = await asyncio.gather(
                self._messages.get(fiscal_code, id_),
                self._profiles.profile(fiscal_code),
                self._profiles.preference(fiscal_code, item.service_id),
            )
        except MessageNotFoundError:
            if item.attempt < MAX_READ_ATTEMPTS:
                raise UnavailableError("an accepted message is not visible yet") from None
            return
        await self._log_sent(message)
        decision = await self._reach(
            fiscal_code, item.service_id, profile, preference, special=message.is_special
        )
        settled = await self._settle(message, decision, profile)
        # the withdrawal may have come between the steps of this run, or of an earlier run
        await self._withdraw.release_payment(
            settled, is_repeated=item.is_repeated or item.attempt > 0
        )
        failure, unnoted = await asyncio.gather(
            self._announced(item, settled, decision, profile),
            note(settled),
            return_exceptions=True,
        )
        if failure is not None:
            raise failure
        try:
            if unnoted is not None:
                raise unnoted
            await self._supersede(settled)
            await self._events.settled(settled)
        except UnavailableError as error:
            raise RetryLaterError(item.model_copy(update={"is_notified": True})) from error

    async def _announced(
        self, item: MessageSubmitted, message: Message, decision: Decision, profile: Profile | None
    ) -> None:
        """Announce the message, unless an earlier run did."""
        if not item.is_notified:
            is_repeated = item.is_repeated or item.attempt > 0
            await self._announce(message, decision, profile, is_repeated=is_repeated)

    async def _wording(self, message: Message, profile: Profile) -> Wording | None:
        """Return the words that the citizen gets, where they are not those of the sender."""
        if message.is_notice:
            return await self._translate(message, profile)
        return message.wording_for(profile.preferred_languages)

    async def _supersede(self, message: Message) -> None:
        """Withdraw the message that this message replaces.

        It stays where this message is withdrawn, is held, or came too late for its payment.
        """
        if message.supersedes is None or message.withdrawal is not None:
            return
        if message.status == "HELD" or message.rejection in BRAKED:
            return
        owner = MessageOwner(message.sender.service_id)
        with contextlib.suppress(MessageNotFoundError):
            await self._withdraw(
                owner, message.fiscal_code, message.supersedes, superseded_by=message.id
            )

    async def _settle(
        self, message: Message, decision: Decision, profile: Profile | None
    ) -> Message:
        """Write the outcome, unless an earlier run wrote it; return the message with the outcome.

        The message is returned unchanged if it was deleted meanwhile.
        """
        if message.status != "ACCEPTED":
            return message
        fiscal_code, id_ = message.fiscal_code, message.id
        now = self._clock.now()
        at = timestamp(now)
        try:
            outcome = await self._decide(message, decision, profile, now)
            if outcome.brake is not None:
                settled = await self._messages.hold(fiscal_code, id_, at)
                telemetry.message_became("HELD", id_, reason=outcome.brake.reason)
            elif outcome.rejection is None:
                wording = None if profile is None else await self._wording(message, profile)
                settled = await self._messages.deliver(
                    message, at, outcome.reminder, wording, outcome.kept_until
                )
                telemetry.message_delivered(id_, message.created_at, now)
            else:
                settled = await self._messages.reject(
                    fiscal_code, id_, at, outcome.rejection, self._rejected_ttl
                )
                telemetry.message_became("REJECTED", id_, reason=outcome.rejection)
        except NotFoundError:
            return message
        except PreconditionFailedError:
            # another run of the same item has decided, and its decision holds; or an amendment
            # changed the due date meanwhile, and so the plan
            settled = await self._messages.get(fiscal_code, id_)
            if settled.status == "ACCEPTED":
                raise UnavailableError("the decision is not visible yet") from None
        return settled
