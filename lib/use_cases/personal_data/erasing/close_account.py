"""Switch off all that an erased citizen's settings allow, before the settings are deleted."""

from dataclasses import replace

from lib.domain.profiles.switches import switch_between, time_of_next, with_switch
from lib.ports.clock import Clock
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.feed.announce_switch import AnnounceSwitch


class CloseAccount:
    """Close the inbox and its channels, as the citizen could.

    So no message is delivered any more, and the services learn of it in their feed: the settings
    stay until the switch is in the feed, with a mark that refuses another update.
    Cost: one point read; for an open inbox a put and a write.
    """

    def __init__(self, profiles: Profiles, announce: AnnounceSwitch, clock: Clock) -> None:
        self._profiles = profiles
        self._announce = announce
        self._clock = clock

    async def __call__(self, fiscal_code: str) -> None:
        """Return once the inbox is closed; a closed one changes nothing."""
        await until_written("a profile", lambda: self._close(fiscal_code))

    async def _close(self, fiscal_code: str) -> None:
        stored = await self._profiles.settings(fiscal_code)
        if stored is None:
            return
        before = stored.settings
        after = replace(
            before,
            is_inbox_enabled=False,
            is_email_enabled=False,
            is_webhook_enabled=False,
            leaving=True,
        )
        if after == before:
            return
        after = replace(after, version=before.version + 1)
        switch = switch_between(before, after, time_of_next(before.switches, self._clock.now()))
        if switch is not None:
            after = replace(after, switches=with_switch(before.switches, switch))
            await self._announce(fiscal_code, switch)
        await self._profiles.write_settings(fiscal_code, after, stored.etag)
