"""Send one e-mail to a citizen's former e-mail address, which the profile no longer has."""

from lib import telemetry
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.profiles.choices import Language
from lib.ports.mailer import Mailer
from lib.ports.queueing.items.citizens import EmailAddressChanged
from lib.ports.send_errors import NotSentError
from lib.rendering.email.compose import address_changed_mail
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.send_once import SendOnce, sent_by

KIND = "EMAIL_CHANGED"


class NotifyFormerAddress:
    """Send the e-mail by which a citizen can notice a change that another person made.

    Cost: one point read and one claim; one patch more removes the address from the profile.
    Concurrency: the address stays in the profile while another run is sending, since that run may
    have to send again.
    """

    def __init__(self, profiles: Profiles, once: SendOnce, mailer: Mailer | None) -> None:
        self._profiles = profiles
        self._once = once
        self._mailer = mailer

    async def __call__(self, item: EmailAddressChanged) -> None:
        """Send the e-mail of an item.

        Raise RetryLaterError if the e-mail was certainly not sent and may still be sent.
        """
        stored = await self._profiles.settings(item.fiscal_code)
        addresses = stored.settings.former_addresses if stored else ()
        address = next(
            (former.address for former in addresses if former.change_id == item.change_id), None
        )
        if stored is None or address is None:
            return
        language = stored.settings.profile.language
        delivery = Delivery(item.fiscal_code, SubjectId(item.change_id), KIND, "EMAIL")
        status = await self._once(item, delivery, lambda: self._send(delivery, address, language))
        if status is not None:
            telemetry.notification_ended(KIND, "EMAIL", status, item.change_id)
        elif await self._once.is_open(delivery):
            return
        await self._profiles.forget_former_address(item.fiscal_code, item.change_id)

    async def _send(self, delivery: Delivery, address: str, language: Language) -> DeliveryStatus:
        if self._mailer is None:
            raise NotSentError("no mail service is set up")
        mail = address_changed_mail(id_=delivery.id, to=address, language=language)
        return await sent_by("mail", self._mailer.send(mail))
