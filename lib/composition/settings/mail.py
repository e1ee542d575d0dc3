"""The settings of e-mail; part of lib.composition.settings.Settings."""

from email.headerregistry import Address
from email.policy import SMTP
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from lib.composition.settings.secrets import SecretSettings
from lib.domain.profiles.email_address import parse_address

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class MailSettings(SecretSettings):
    """The settings of e-mail. Without SMTP_HOST no e-mail is sent; the sandbox stores e-mails."""

    smtp_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]*$")] = ""
    """The host of the mail server that takes the app's e-mail."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """The security of the connection; `none` is for a server on this machine."""
    smtp_username: str = ""
    """The user for the login; empty for a server without a login."""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = ""
    """The sender of e-mails: `Recapito <no-reply@ente.example>`."""
    public_url: Annotated[str, Field(pattern=r"^(https?://[^?#\s]+)?$")] = ""
    """The base of this app's URLs in the links of e-mails."""
    app_url: Annotated[str, Field(pattern=r"^(https://[^?#\s]+)?$")] = ""
    """The address that opens the citizens' app on a message; empty: e-mails open our own inbox."""

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        public, secret = urlsplit(self.public_url), self.link_secret.get_secret_value()
        if public.scheme == "http" and public.hostname not in LOOPBACK:
            raise ValueError("PUBLIC_URL must be an https address")
        if not self.smtp_host:
            return self
        at_home = self.smtp_host in LOOPBACK
        if self.smtp_security == "none" and not at_home:
            raise ValueError("SMTP_SECURITY none is for a server of this machine alone")
        if self.sandbox and not at_home:
            raise ValueError("SMTP_HOST: the sandbox sends to a server of this machine alone")
        if bool(self.smtp_username) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("SMTP_USERNAME and SMTP_PASSWORD go together")
        if self.mailbox is None:
            raise ValueError("MAIL_FROM must be an address: Recapito <no-reply@ente.example>")
        if not (self.public_url and secret):
            raise ValueError("PUBLIC_URL and LINK_SECRET are needed with SMTP_HOST")
        return self

    @property
    def has_links(self) -> bool:
        """Whether e-mails can have links to this app; without them no e-mail is sent."""
        return bool(self.public_url and self.link_secret.get_secret_value())

    @property
    def mailbox(self) -> Address | None:
        """`mail_from` as an address with its name; None for a text that is not an address."""
        if self.mail_from.splitlines() != [self.mail_from]:
            return None
        header = SMTP.header_factory("From", self.mail_from)
        whole = len(header.addresses) == 1 and not header.defects
        if not whole:
            return None
        named: Address = header.addresses[0]
        try:
            address = parse_address(named.addr_spec)
        except ValueError:
            return None
        return Address(named.display_name, address.local, address.domain)
