"""Send once the e-mail by which a citizen proves to own an address."""

from lib import telemetry
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.profiles.settings import ProfileSettings
from lib.ports.clock import Clock
from lib.ports.mailer import Mailer
from lib.ports.queueing.items.citizens import EmailValidationRequested
from lib.ports.send_errors import NotSentError
from lib.rendering.email.compose import validation_mail
from lib.rendering.email.links import VALIDATION_LIFE, Links
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.send_once import SendOnce, sent_by

KIND = "VALIDATION"


class SendValidationEmail:
    """Send the e-mail that validates a citizen's address.

    No e-mail is sent if the citizen has requested a newer e-mail.
    Cost: one point read, one claim, one e-mail.
    """

    def __init__(
        self,
        profiles: Profiles,
        once: SendOnce,
        mailer: Mailer | None,
        links: Links | None,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._once = once
        self._mailer, self._links = mailer, links
        self._clock = clock

    async def __call__(self, item: EmailValidationRequested) -> None:
        """Send the e-mail of an item.

        Raise RetryLaterError if the e-mail was certainly not sent and may still be sent.
        """
        stored = await self._profiles.settings(item.fiscal_code)
        if stored is None:
            return
        subject_id, settings = SubjectId(item.validation_id), stored.settings
        delivery = Delivery(item.fiscal_code, subject_id, KIND, "EMAIL")
        status = await self._once(item, delivery, lambda: self._send(item, delivery, settings))
        if status is not None:
            telemetry.notification_ended(KIND, "EMAIL", status, item.validation_id)

    async def _send(
        self, item: EmailValidationRequested, delivery: Delivery, settings: ProfileSettings
    ) -> DeliveryStatus:
        if self._mailer is None or self._links is None:
            raise NotSentError("no mail service is set up")
        requested, email = settings.validation, settings.email
        if (
            requested is None
            or requested.id != item.validation_id
            or not email
            or not self._links.is_for(requested.address, email)
            or settings.is_email_validated
        ):
            return DeliveryStatus.OBSOLETE
        now, language = self._clock.now(), settings.profile.language
        if now - requested.at > VALIDATION_LIFE:
            return DeliveryStatus.EXPIRED
        link = self._links.make("validate", item.fiscal_code, email, now)
        mail = validation_mail(id_=delivery.id, to=email, language=language, link=link)
        return await sent_by("mail", self._mailer.send(mail))
