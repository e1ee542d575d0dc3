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
_HEADERS: Final = SMTP.clone(max_line_length=900)
"""A link is longer than a line usually is, and would be folded into what nobody reads as one."""


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


def written(mail: Mail, *, sender: Address, to: Address, now: datetime) -> bytes:
    """Return the bytes; their Message-ID is the same for the same id, so that repetitions show."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.message_id:
        message["X-Italia-Messages-MessageId"] = mail.message_id
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # after the content, which makes room for itself
    message["Content-Language"] = mail.language
    return message.as_bytes(policy=_HEADERS)
