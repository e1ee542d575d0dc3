"""E-mails of the tests, and how a mail program reads them."""

from datetime import UTC, datetime
from email.headerregistry import Address
from html.parser import HTMLParser

from hypothesis import strategies as st

from lib.adapters.outbound import mime
from lib.adapters.outbound.mime import address_of
from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import deadline_at
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.values import parse_timestamp
from lib.ports.mailer import Mail
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.email.compose import EmailDetails, notification_mail
from lib.rendering.email.links import Links
from lib.rendering.texts.languages import written_languages
from lib.rendering.texts.notification import NotificationFacts

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SENDER = Address("Recapito", "no-reply", "ente.example")
CITIZEN, ADDRESS = "EMAILS00A00A000A", "emails@example.org"
LINKS = Links(b"a-secret-of-the-tests", "https://recapito.example/")
LANGUAGES: tuple[Language, ...] = written_languages()
DETAILS = EmailDetails(
    "Tassa sui rifiuti & co.", 8450, deadline_at(parse_timestamp("2027-06-30T21:59:59.000Z"))
)
ABOUT = NotificationFacts("Comune di <Esempio>", "Prima rata", is_payment=True, days_left=1)
texts = st.text(st.characters(codec="utf-8"), max_size=200)


def a_notice(
    kind: NotificationKind = "MESSAGE",
    language: Language = "it_IT",
    about: NotificationFacts = ABOUT,
    *,
    full: bool = True,
    logo: bytes | None = None,
) -> Mail:
    """Return an e-mail."""
    message_id = MessageId("01J0000000000000000000000A")
    return notification_mail(
        id_=f"01J0000000000000000000000A-{kind}-EMAIL",
        to=ADDRESS,
        kind=kind,
        languages=(language,),
        full=full,
        about=about,
        details=DETAILS if full else None,
        message_id=message_id,
        opening=LINKS.opening(message_id, None, is_list=kind == "DIGEST"),
        logo=logo,
        unsubscribe_service=LINKS.make(
            "unsubscribe", CITIZEN, ADDRESS, NOW, ServiceId("a-service")
        ),
        unsubscribe_all=LINKS.make("unsubscribe", CITIZEN, ADDRESS, NOW),
    )


def written(mail: Mail) -> bytes:
    """Return the bytes that go over the wire."""
    return mime.written(mail, sender=SENDER, to=address_of(mail.to), now=NOW)


class Seen(HTMLParser):
    """A parser that reads HTML as a mail program does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = self.style = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep tag and link."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        """Keep text, and the style apart from it."""
        if self.tags and self.tags[-1] == "style":
            self.style += data
        else:
            self.text += data
