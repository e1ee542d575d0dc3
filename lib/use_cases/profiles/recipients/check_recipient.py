"""Tell a sender whether a message of its service would reach a citizen."""

import asyncio
from dataclasses import dataclass

from lib import telemetry
from lib.domain.profiles.choices import Decision, Language, Profile
from lib.domain.profiles.errors import RecipientNotFoundError
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Sender, check_recipient
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.profiles.reach import Reach


@dataclass(frozen=True, slots=True)
class Reachability:
    """Whether the citizen takes messages of the service, and then the citizen's languages."""

    sender_allowed: bool
    preferred_languages: tuple[Language, ...] = ()


class CheckRecipient:
    """Tell a sender whether a citizen can be reached.

    Cost: two point reads; a third for a SPECIAL service.
    """

    def __init__(self, profiles: Profiles, reach: Reach) -> None:
        self._profiles = profiles
        self._reach = reach

    async def __call__(self, sender: Sender, fiscal_code: str) -> Reachability:
        """Return the decision that the fan-out of a message would make now.

        Raise RecipientForbiddenError where the sender may not write to the citizen, and
        RecipientNotFoundError for a citizen without a profile or with the inbox switched off: the
        sender cannot distinguish the two.
        """
        telemetry.concerns(fiscal_code)
        check_may_ask(sender, fiscal_code)
        service = sender.service
        profile, preference = await asyncio.gather(
            self._profiles.profile(fiscal_code),
            self._profiles.preference(fiscal_code, service.id),
        )
        decision = await self._reach(
            fiscal_code, service.id, profile, preference, special=service.category == "SPECIAL"
        )
        return reachability_of(profile, decision)


def check_may_ask(sender: Sender, fiscal_code: str) -> None:
    """Raise RecipientForbiddenError for a citizen to whom the sender may not write."""
    try:
        check_recipient(sender, fiscal_code)
    except ProductionForbiddenError:
        # IO gives the same answer in both cases
        raise RecipientForbiddenError from None


def reachability_of(profile: Profile | None, decision: Decision) -> Reachability:
    """Return the part of the decision that a sender may know; raise RecipientNotFoundError."""
    if profile is None or not decision.has_inbox:
        raise RecipientNotFoundError
    if decision.rejection is not None:
        return Reachability(sender_allowed=False)
    return Reachability(sender_allowed=True, preferred_languages=profile.preferred_languages)
