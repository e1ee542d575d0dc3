"""Check an application against the register of public bodies, and send its code."""

from dataclasses import replace
from typing import Final

from lib import telemetry
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.organizations.application import (
    MAILS_A_DAY,
    Application,
    ApplicationState,
    new_code,
)
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.mailer import Mailer
from lib.ports.queueing.items.senders import OrganizationApplied
from lib.ports.registers.public_bodies import PublicBodies
from lib.ports.send_errors import NotSentError
from lib.rendering.email.administrations import code_mail
from lib.repositories.organizations.applications import Applications
from lib.repositories.organizations.organization_days import OrganizationDays
from lib.use_cases.notifications.send_once import SendOnce, sent_by
from lib.use_cases.organizations.count_trial import day_of

KIND: Final = "APPLICATION"
MAILS: Final = "mails"


class CheckApplication:
    """Find the digital domicile of the applicant, and send it an e-mail with a code.

    While the register or the mail server is away, the item waits in the queue for up to a week.
    Cost: six point reads, three replaces and a patch; one call of the register; one e-mail.
    Concurrency: a repeated run sends no second e-mail, and a code that was replaced was not sent.
    """

    def __init__(
        self,
        applications: Applications,
        days: OrganizationDays,
        register: PublicBodies | None,
        once: SendOnce,
        mailer: Mailer | None,
        hashes: RotatingPseudonyms,
        clock: Clock,
    ) -> None:
        self._applications = applications
        self._days = days
        self._register = register
        self._once = once
        self._mailer = mailer
        self._hashes = hashes
        self._clock = clock

    async def __call__(self, item: OrganizationApplied) -> None:
        """Check the application of an item. Raise UnavailableError, RetryLaterError."""
        application = await self._applications.get(item.application_id)
        if application is None or application.state in {
            ApplicationState.REFUSED,
            ApplicationState.CONFIRMED,
        }:
            return
        if not application.domicile:
            application = await self._located(application)
        if application.domicile and not application.is_counted:
            application = await self._counted(application)
        if application.state is ApplicationState.REFUSED:
            return
        delivery = Delivery(application.fiscal_code, SubjectId(application.id), KIND, "EMAIL")
        status = await self._once(item, delivery, lambda: self._send(delivery, application))
        if status is not None:
            telemetry.notification_ended(KIND, "EMAIL", status, application.id)

    async def _located(self, application: Application) -> Application:
        """Return the application with the address in the register, or refused."""
        if self._register is None:
            raise UnavailableError("no register of public bodies is set up", retry_after=3600)
        with telemetry.call("register of public bodies"):
            body = await self._register.find(application.fiscal_code)
        email = application.email
        if body is None or (email and email not in body.domiciles):
            return await self._stored(application, state=ApplicationState.REFUSED)
        return await self._stored(
            application,
            domicile=email or body.domiciles[0],
            name=body.name,
            ipa_code=body.ipa_code,
        )

    async def _counted(self, application: Application) -> Application:
        """Return the application, or refused where the organisation got its e-mails of the day."""
        today = day_of(self._clock.now())
        if await self._days.add(application.fiscal_code, MAILS, today, cap=MAILS_A_DAY):
            return await self._stored(application, is_counted=True)
        return await self._stored(application, state=ApplicationState.REFUSED)

    async def _send(self, delivery: Delivery, application: Application) -> DeliveryStatus:
        if self._mailer is None:
            raise NotSentError("no mail service is set up")
        code = new_code(application.id)
        # the code works before the e-mail goes out, so that a crash in between sends no dead code
        await self._stored(
            application, code_hash=self._hashes.of(code), state=ApplicationState.CODE_SENT
        )
        mail = code_mail(
            id_=delivery.id,
            to=application.domicile,
            name=application.name,
            fiscal_code=application.fiscal_code,
            code=code,
        )
        return await sent_by("mail", self._mailer.send(mail))

    async def _stored(self, application: Application, **changes: object) -> Application:
        def changed(stored: Application) -> Application:
            return replace(stored, **changes)  # type: ignore[arg-type]  # fields of Application

        after = await self._applications.change(application.id, changed)
        return application if after is None else after
