"""Write an e-mail for the wire (RFC 5322), with the headers that mail programs use."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from lib.domain.profiles.email_address import parse_address
from lib.ports.mailer import Mail
from lib.ports.send_errors import RefusedError

_LINE: Final = 76
"""An encoded word has at most 75 characters (RFC 2047 section 2), and a space stands before it."""
_LONGEST_WORD: Final = 60
"""A longer word of ASCII is encoded too: a line cannot be folded inside a word."""


class _Wire(EmailPolicy):
    """The policy SMTP, with two headers written by other rules.

    `Subject` holds foreign text: text that looks like an encoded word is encoded, so that it is
    read letter by letter. `List-Unsubscribe` holds an address, which no fold may divide.
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
    """Read an address; raise RefusedError, which does not repeat it, where no mail can reach it."""
    try:
        address = parse_address(text)
    except ValueError:
        raise RefusedError("no mail can go to an address of this form") from None
    return Address(username=address.local, domain=address.domain)


def written(mail: Mail, *, sender: Address, to: Address, now: datetime) -> bytes:
    """Return the bytes; their Message-ID is the same for the same id, so that repetitions show."""
    message = EmailMessage(policy=_WIRE)
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
    return message.as_bytes()


def _subject(text: str) -> str:
    is_plain = text.isascii() and "=?" not in text and text == text.strip()
    if is_plain and all(len(word) <= _LONGEST_WORD for word in text.split(" ")):
        charset = "us-ascii"
    else:
        charset = "utf-8"
    header = Header(text, charset, maxlinelen=_LINE, header_name="Subject")
    return header.encode(linesep="\r\n")
