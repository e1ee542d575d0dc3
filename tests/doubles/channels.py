"""Ports of the channels to citizens that keep the messages they are given."""

from dataclasses import dataclass, field

from lib.ports.mailer import Mail
from lib.ports.push import PushNotification, PushRegistration


@dataclass
class KeptPush:
    """A push sender that keeps the notifications; it raises `failure` instead while that is set."""

    sent: list[PushNotification] = field(default_factory=list)
    failure: BaseException | None = None

    async def send(self, notification: PushNotification) -> None:
        """Keep the notification."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(notification)


@dataclass
class KeptMail:
    """A mailer that keeps the e-mails; it raises `failure` instead while that is set."""

    sent: list[Mail] = field(default_factory=list)
    failure: BaseException | None = None

    async def send(self, mail: Mail) -> None:
        """Keep the e-mail."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(mail)


@dataclass
class KeptDevices:
    """A push service's list of installations."""

    installations: dict[str, PushRegistration] = field(default_factory=dict)

    async def register(self, installation: PushRegistration) -> None:
        """Keep the installation."""
        self.installations[installation.id] = installation

    async def remove(self, installation_id: str) -> None:
        """Drop the installation."""
        self.installations.pop(installation_id, None)

    async def close(self) -> None:
        """Do nothing."""
