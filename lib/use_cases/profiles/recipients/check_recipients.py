"""Tell a sender for many citizens whether a message of its service would reach them."""

import asyncio
from collections.abc import Sequence
from itertools import batched
from typing import Final

from lib.domain.profiles.choices import decide, heeds_choice
from lib.domain.profiles.errors import RecipientNotFoundError
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.repositories.profiles.many_profiles import ManyProfiles
from lib.use_cases.profiles.recipients.check_recipient import (
    Reachability,
    check_may_ask,
    reachability_of,
)

CHUNK: Final = 1000
"""The citizens that are decided about before other requests of the process get their turn."""

type Checked = Reachability | RecipientForbiddenError | RecipientNotFoundError
"""The result of CheckRecipient for a citizen, or the error that it would raise."""


class CheckRecipients:
    """Tell a sender for many citizens whether each can be reached.

    Cost: in bulk, a read of each profile; a read of the choice for the service where the profile
    heeds one; a read of the activation for a SPECIAL service. None for a citizen to whom the sender
    may not write.
    """

    def __init__(self, profiles: ManyProfiles, clock: Clock) -> None:
        self._profiles = profiles
        self._clock = clock

    async def __call__(self, sender: Sender, fiscal_codes: Sequence[str]) -> list[Checked]:
        """Return what CheckRecipient says about each citizen, in the order of the fiscal codes."""
        checked: dict[str, Checked] = {}
        for codes in batched(dict.fromkeys(fiscal_codes), CHUNK, strict=False):
            checked |= await self._chunk(sender, codes)
            await asyncio.sleep(0)
        return [checked[code] for code in fiscal_codes]

    async def _chunk(self, sender: Sender, codes: Sequence[str]) -> dict[str, Checked]:
        checked: dict[str, Checked] = {}
        allowed = []
        for code in codes:
            try:
                check_may_ask(sender, code)
            except RecipientForbiddenError as error:
                checked[code] = error
            else:
                allowed.append(code)
        service, now = sender.service, self._clock.now()
        is_special = service.category == "SPECIAL"
        profiles = await self._profiles.profiles(allowed)
        choosing = [code for code, profile in profiles.items() if heeds_choice(profile)]
        with_inbox = [code for code, profile in profiles.items() if profile.is_inbox_enabled]
        preferences = await self._profiles.preferences(choosing, service.id)
        activations = await self._profiles.activations(with_inbox, service.id) if is_special else {}
        for code in allowed:
            profile = profiles.get(code)
            decision = decide(
                profile,
                preferences.get(code),
                service.id,
                special=is_special,
                activation=activations.get(code),
                now=now,
            )
            try:
                checked[code] = reachability_of(profile, decision)
            except RecipientNotFoundError as error:
                checked[code] = error
        return checked
