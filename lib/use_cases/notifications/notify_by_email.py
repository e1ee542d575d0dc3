"""Announce a message by e-mail."""

import asyncio

from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.profiles.choices import Channel, Profile, blocked_channels
from lib.ports.clock import Clock
from lib.ports.mailer import Mail, Mailer
from lib.ports.send_errors import NotSentError
from lib.rendering.email.compose import EmailDetails, notification_mail
from lib.rendering.email.links import Links
from lib.rendering.texts.notification import notification_text
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.announcement import Announcement
from lib.use_cases.notifications.send_once import sent_by


class NotifyByEmail:
    """Send an announcement by e-mail, by the citizen's choices at this moment.

    A citizen who has unsubscribed, or whose address is not validated, gets no e-mail.
    Cost: two point reads and one e-mail.
    """

    def __init__(
        self, profiles: Profiles, mailer: Mailer | None, links: Links | None, clock: Clock
    ) -> None:
        self._profiles = profiles
        self._mailer, self._links = mailer, links
        self._clock = clock

    async def __call__(self, told: Announcement) -> DeliveryStatus:
        """Return the outcome; raise UnavailableError where nothing went out."""
        if self._mailer is None or self._links is None:
            raise NotSentError("no mail service is set up")
        citizen, service_id = told.item.fiscal_code, told.message.sender.service_id
        profile, preference = await asyncio.gather(
            self._profiles.profile(citizen), self._profiles.preference(citizen, service_id)
        )
        if profile is None or not profile.takes_email:
            return DeliveryStatus.OBSOLETE
        # a digest covers several services
        if told.item.kind != "DIGEST" and Channel.EMAIL in blocked_channels(
            profile, preference, service_id
        ):
            return DeliveryStatus.OBSOLETE
        mailer, links = self._mailer, self._links

        async def deliver() -> None:
            await mailer.send(self._composed(links, told, profile))

        return await sent_by("mail", deliver())

    def _composed(self, links: Links, told: Announcement, profile: Profile) -> Mail:
        item, message = told.item, told.message
        full = item.full and profile.push_notifications_content_type == "FULL"
        of_one = item.kind != "DIGEST"

        def leave(service_id: str | None = None) -> str:
            now, address = self._clock.now(), profile.email
            return links.make("unsubscribe", item.fiscal_code, address, now, service_id)

        return notification_mail(
            id_=told.id,
            to=profile.email,
            kind=item.kind,
            language=item.language,
            text=notification_text(item.kind, item.language, told.about, full=full),
            about=told.about,
            details=EmailDetails(message.sender.service_name, message.amount, message.deadline)
            if full and of_one
            else None,
            message_id=item.message_id,
            unsubscribe_service=leave(message.sender.service_id) if of_one else None,
            unsubscribe_all=leave(),
        )
