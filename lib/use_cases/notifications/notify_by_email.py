"""Announce a message by e-mail."""

import asyncio
from typing import Protocol

from lib.domain.messages.message import Message
from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.profiles.choices import (
    DEFAULT_LANGUAGE,
    Channel,
    Language,
    Profile,
    blocked_channels,
)
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.clock import Clock
from lib.ports.mailer import Mail, Mailer
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.ports.send_errors import NotSentError
from lib.rendering.email.compose import EmailDetails, notification_mail
from lib.rendering.email.links import Links
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.announcement import Announcement
from lib.use_cases.notifications.send_once import sent_by


class Logos(Protocol):
    """Returns the logos of organisations, as lib.use_cases.shared.logos does."""

    async def of(self, fiscal_code: OrganizationFiscalCode) -> bytes | None:
        """Return the logo as PNG; None without one."""
        ...


class NotifyByEmail:
    """Send an announcement by e-mail, by the citizen's current choices.

    A citizen who has unsubscribed, or whose address is not validated, gets no e-mail.
    Cost: two point reads and one e-mail; with previews, the logo of its sender.
    """

    def __init__(
        self,
        profiles: Profiles,
        mailer: Mailer | None,
        links: Links | None,
        logos: Logos,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._logos = logos
        self._mailer, self._links = mailer, links
        self._clock = clock

    async def __call__(self, announcement: Announcement) -> DeliveryStatus:
        """Return the outcome; raise UnavailableError if the e-mail was not sent."""
        if self._mailer is None or self._links is None:
            raise NotSentError("no mail service is set up")
        citizen, service_id = announcement.item.fiscal_code, announcement.message.sender.service_id
        profile, preference = await asyncio.gather(
            self._profiles.profile(citizen), self._profiles.preference(citizen, service_id)
        )
        if profile is None or not profile.takes_email:
            return DeliveryStatus.OBSOLETE
        # a digest covers several services, so the choice for one service does not stop it
        if announcement.item.kind != "DIGEST" and Channel.EMAIL in blocked_channels(
            profile, preference, service_id
        ):
            return DeliveryStatus.OBSOLETE
        mailer, links = self._mailer, self._links

        async def deliver() -> None:
            await mailer.send(await self._composed(links, announcement, profile))

        return await sent_by("mail", deliver())

    async def _composed(self, links: Links, announcement: Announcement, profile: Profile) -> Mail:
        item, message = announcement.item, announcement.message
        full = item.full and profile.push_notifications_content_type == "FULL"
        of_one = item.kind != "DIGEST"
        is_named = full and of_one
        sender = message.sender.organization_fiscal_code
        logo = await self._logos.of(sender) if is_named else None

        def unsubscribe_link(service_id: ServiceId | None = None) -> str:
            now, address = self._clock.now(), profile.email
            return links.make("unsubscribe", item.fiscal_code, address, now, service_id)

        return notification_mail(
            id_=announcement.id,
            to=profile.email,
            kind=item.kind,
            languages=_languages(item, message),
            full=full,
            about=announcement.about,
            details=EmailDetails(message.sender.service_name, message.amount, message.deadline)
            if is_named
            else None,
            message_id=item.message_id,
            delegation_id=item.delegation_id,
            opening=links.opening(item.message_id, item.delegation_id, is_list=not of_one),
            logo=logo,
            unsubscribe_service=unsubscribe_link(message.sender.service_id) if of_one else None,
            unsubscribe_all=unsubscribe_link(),
        )


def _languages(item: NotificationRequested, message: Message) -> tuple[Language, ...]:
    """Return the citizen's language, with the two of a sender that writes in two."""
    second = message.second_language
    if second is None or item.kind == "DIGEST":
        return (item.language,)
    return tuple(dict.fromkeys((item.language, DEFAULT_LANGUAGE, second)))[:2]
