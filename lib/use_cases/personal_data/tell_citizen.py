"""Tell a citizen what became of a request for their personal data."""

from lib import telemetry
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.profiles.choices import Profile
from lib.domain.shared.identifiers import NO_MESSAGE_ID
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.mailer import Mailer
from lib.ports.push import PushNotification, PushSender
from lib.ports.queueing.items.citizens import ErasureDue, UserDataRequested
from lib.ports.send_errors import NotSentError
from lib.rendering.email.compose import personal_data_mail
from lib.rendering.email.links import Links
from lib.rendering.texts.notification import DATA_READY, ERASURE_ASKED, Told, told_texts
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.send_once import SendOnce, sent_by


class TellCitizen:
    """Send one notification by the channel that the item names, at most once.

    `UserDataRequested`: the archive is ready. `ErasureDue`: the data will be erased.

    It says nothing of the data. The citizen asked for it, so no daily limit counts it.
    Cost: one point read and one claim.
    """

    def __init__(
        self,
        profiles: Profiles,
        once: SendOnce,
        push: PushSender | None,
        mailer: Mailer | None,
        links: Links | None,
        pseudonyms: RotatingPseudonyms,
    ) -> None:
        self._profiles = profiles
        self._once = once
        self._push = push
        self._mailer, self._links = mailer, links
        self._pseudonyms = pseudonyms

    async def __call__(self, item: UserDataRequested | ErasureDue) -> None:
        """Send the notification of an item.

        Raise RetryLaterError if it was certainly not sent and may still be sent.
        """
        profile = await self._profiles.profile(item.fiscal_code)
        channel = item.tell
        if profile is None or channel is None or not _takes(profile, channel):
            return
        told: Told = DATA_READY if isinstance(item, UserDataRequested) else ERASURE_ASKED
        delivery = Delivery(item.fiscal_code, SubjectId(item.request_id), told, channel)
        send = self._send_push if channel == "PUSH" else self._send_mail
        status = await self._once(item, delivery, lambda: send(delivery, profile, told))
        if status is not None:
            telemetry.notification_ended(told, channel, status, item.request_id)

    async def _send_push(self, delivery: Delivery, profile: Profile, told: Told) -> DeliveryStatus:
        if self._push is None:
            raise NotSentError("no push service is set up")
        title, said = told_texts(told, profile.language)
        notification = PushNotification(
            id=delivery.id,
            recipients=self._pseudonyms.all_of(delivery.recipient),
            title=title,
            body=said,
            message_id=NO_MESSAGE_ID,
        )
        return await sent_by("push", self._push.send(notification))

    async def _send_mail(self, delivery: Delivery, profile: Profile, told: Told) -> DeliveryStatus:
        if self._mailer is None or self._links is None:
            raise NotSentError("no mail service is set up")
        mail = personal_data_mail(
            told,
            id_=delivery.id,
            to=profile.email,
            language=profile.language,
            opening=self._links.profile(),
        )
        return await sent_by("mail", self._mailer.send(mail))


def _takes(profile: Profile, channel: str) -> bool:
    return profile.is_webhook_enabled if channel == "PUSH" else profile.takes_email
