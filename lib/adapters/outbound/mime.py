"""Write an e-mail for the wire (RFC 5322), with the headers that mail programs use."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from lib.domain.profiles.email_address import parse_address
from lib.ports.mailer import LOGO_ID, Mail
from lib.ports.send_errors import RefusedError

_LINE: Final = 76
"""The length of a line: a space and an encoded word of 75 characters (RFC 2047 section 2)."""
_LONGEST_WORD: Final = 60
"""The longest ASCII word that is not encoded, since a line cannot be folded inside a word."""


class _Wire(EmailPolicy):
    """The policy SMTP, with other rules for two headers.

    `Subject` has a sender's text. A text with the form of an encoded word is encoded again, so that
    mail programs show it letter by letter. `List-Unsubscribe` has a URL, which must not be folded.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name == "Subject":
            if value.splitlines() not in ([value], []):
                raise ValueError("a subject is one line")
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "Subject":
            return f"{name}: {_subject(str(value))}\r\n".encode("ascii")
        if name == "List-Unsubscribe":
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_WIRE: Final = _Wire(linesep="\r\n", max_line_length=_LINE)


def address_of(text: str) -> Address:
    """Parse an address. Raise RefusedError, without the address, if mail cannot reach it."""
    try:
        address = parse_address(text)
    except ValueError:
        raise RefusedError("no mail can go to an address of this form") from None
    return Address(username=address.local, domain=address.domain)


def written(mail: Mail, *, sender: Address, to: Address, now: datetime) -> bytes:
    """Return the bytes. The Message-ID follows from the id, so receivers recognise repetitions."""
    message = EmailMessage(policy=_WIRE)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.message_id:
        message["X-Italia-Messages-MessageId"] = mail.message_id
    if mail.delegation_id is not None:
        message["X-Recapito-DelegationId"] = mail.delegation_id
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    html = message.get_body(("html",))
    if mail.logo and html is not None:
        html.add_related(
            mail.logo, "image", "png", cid=f"<{LOGO_ID}>", disposition="inline", filename="logo.png"
        )
    # after the content, since setting the content removes the Content-* headers
    message["Content-Language"] = mail.language
    return message.as_bytes()


def _subject(text: str) -> str:
    is_plain = text.isascii() and "=?" not in text and text == text.strip()
    if is_plain and all(len(word) <= _LONGEST_WORD for word in text.split(" ")):
        charset = "us-ascii"
    else:
        charset = "utf-8"
    header = Header(text, charset, maxlinelen=_LINE, header_name="Subject")
    return header.encode(linesep="\r\n")
