"""Switch e-mail off by a link, for one service or for all services."""

from dataclasses import replace

from lib.domain.profiles.choices import Channel, Mode
from lib.domain.profiles.preference import choice
from lib.domain.profiles.profile import ProfileUpdate
from lib.ports.clock import Clock
from lib.rendering.email.links import Grant, Links
from lib.repositories.profiles.profiles import Profiles, StoredSettings
from lib.repositories.shared.optimistic import until_written


class UnsubscribeEmail:
    """Switch a citizen's e-mail off by the link in an e-mail.

    Cost: one or two point reads and one conditional write; a repetition costs only the reads.
    """

    def __init__(self, profiles: Profiles, links: Links | None, clock: Clock) -> None:
        self._profiles = profiles
        self._links = links
        self._clock = clock

    def opens(self, token: str) -> bool:
        """Tell whether the token is valid, without reading the citizen's settings."""
        return self._grant(token) is not None

    async def __call__(self, token: str) -> bool:
        """Switch e-mail off and return True; False where the link is no longer valid.

        Raise UnavailableError.
        """
        grant = self._grant(token)
        links = self._links
        if grant is None or links is None:
            return False

        async def attempt() -> bool:
            stored = await self._profiles.settings(grant.fiscal_code)
            email = stored and stored.settings.email
            if not stored or not email or not links.is_for(grant.address, email):
                return False
            await self._switch_off(grant, stored)
            return True

        return await until_written("a profile", attempt)

    async def _switch_off(self, grant: Grant, stored: StoredSettings) -> None:
        profile = stored.settings.profile
        version, service_id = stored.settings.version, grant.service_id
        if service_id is None:
            if profile.is_email_enabled:
                update = ProfileUpdate(version=version, is_email_enabled=False)
                await self._write(grant, stored, update)
        elif profile.mode is Mode.LEGACY:
            blocked = profile.blocked.get(service_id, frozenset())
            if Channel.EMAIL not in blocked:
                channels = {**profile.blocked, service_id: blocked | {Channel.EMAIL}}
                lists = {id_: sorted(closed) for id_, closed in channels.items()}
                update = ProfileUpdate(version=version, blocked_inbox_or_channels=lists)
                await self._write(grant, stored, update)
        else:
            stored_choice = await self._profiles.stored_preference(grant.fiscal_code, service_id)
            before = choice(
                profile, stored_choice.preference if stored_choice else None, service_id
            )
            if before.is_email_enabled:
                await self._profiles.write_preference(
                    grant.fiscal_code,
                    service_id,
                    replace(before, is_email_enabled=False),
                    stored_choice.etag if stored_choice else None,
                    stored_choice.switches if stored_choice else (),
                )

    async def _write(self, grant: Grant, stored: StoredSettings, update: ProfileUpdate) -> None:
        # a new version of the settings, so that an app with the former version cannot undo it
        after = stored.settings.updated(update)
        await self._profiles.write_settings(grant.fiscal_code, after, stored.etag)

    def _grant(self, token: str) -> Grant | None:
        if self._links is None:
            return None
        return self._links.read("unsubscribe", token, self._clock.now())
