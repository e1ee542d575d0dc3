"""An e-mail as it goes over the wire (RFC 5322), with the headers that mail programs act on."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from lib.ports.mailer import Mail
from lib.ports.push import RefusedError

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_POLICY: Final = SMTP.clone(max_line_length=200)
"""Links are longer than a line may usually be, and must stay whole."""


def address_of(text: str) -> Address:
    """Read an address; raise RefusedError, which does not repeat it, where it is none of ASCII.

    Its domain may have other letters, which go out as IDNA.
    """
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise RefusedError("no mail can go to an address of this form")
    return Address(username=local, domain=domain)


def message_of(mail: Mail, *, sender: str, to: Address, now: datetime) -> EmailMessage:
    """Return the message; its Message-ID is the same for the same id, so repetitions show."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    if mail.message_id:
        message["X-Italia-Messages-MessageId"] = mail.message_id
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message
