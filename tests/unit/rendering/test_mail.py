"""E-mails as they are written: MIME, HTML and links, read by independent parsers."""

import email
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.adapters.outbound import mime
from lib.adapters.outbound.mime import address_of
from lib.domain.identity.acting import DelegationId
from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import deadline_at
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.plain_text import one_line
from lib.domain.shared.values import parse_timestamp
from lib.ports.mailer import LOGO_ID, Mail
from lib.ports.queueing.items.notifications import NotificationKind
from lib.ports.send_errors import RefusedError
from lib.rendering.email.compose import EmailDetails, notification_mail, validation_mail
from lib.rendering.email.links import VALIDATION_LIFE, Links
from lib.rendering.logo import prepared_logo
from lib.rendering.texts.languages import written_languages
from lib.rendering.texts.notification import NotificationFacts
from tests.builders.documents import a_logo

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


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("kind", get_args(NotificationKind))
def test_an_email_is_what_the_standards_say(kind: NotificationKind, full: bool) -> None:
    """The standard library reads two parts, one line for each header, all in ASCII."""
    for language in LANGUAGES:
        mail = a_notice(kind, language, full=full)
        raw = written(mail)

        assert raw.isascii()
        head, _, body = raw.partition(b"\r\n\r\n")
        assert max(len(line) for line in head.split(b"\r\n")) < 998
        assert max(len(line) for line in body.split(b"\r\n")) <= 78
        read = email.message_from_bytes(raw, policy=policy.default)
        assert not read.defects
        assert read["Subject"] == mail.subject
        assert read["From"] == "Recapito <no-reply@ente.example>"
        assert read["To"] == ADDRESS
        assert read["Message-ID"] == f"<{mail.id}@ente.example>"
        assert read["Auto-Submitted"] == "auto-generated"
        assert read["X-Italia-Messages-MessageId"] == "01J0000000000000000000000A"
        assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert str(read["List-Unsubscribe"]) == f"<{mail.unsubscribe}>"
        assert b"List-Unsubscribe: <https://" in raw
        assert read["Content-Language"] == language[:2]
        plain, html = read.get_body(("plain",)), read.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert plain.get_content().splitlines() == mail.text.splitlines()
        assert html.get_content().splitlines() == mail.html.splitlines()
        assert plain["Content-Transfer-Encoding"] == "quoted-printable"


def test_the_same_email_has_the_same_id_on_each_attempt() -> None:
    """A reader who gets it twice can see that; its links may differ."""
    first, second = (
        email.message_from_bytes(written(a_notice()), policy=policy.default) for _ in range(2)
    )

    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_previews_show_what_the_citizen_allowed_and_both_parts_the_same(
    language: Language,
) -> None:
    """Both parts have sender, service, subject, amount and deadline, escaped in HTML."""
    mail = a_notice(language=language)

    seen = Seen(mail.html)
    for said in ("Comune di <Esempio>", "Tassa sui rifiuti & co.", "Prima rata", "84", "2027"):
        assert said in seen.text, said
        assert said in mail.text, said
    assert "<Esempio>" not in mail.html
    assert mail.subject == "Comune di <Esempio>: Prima rata"


@pytest.mark.parametrize("kind", get_args(NotificationKind))
def test_without_previews_nothing_is_named(kind: NotificationKind) -> None:
    """Neither subject nor body names the sender or the message."""
    for language in LANGUAGES:
        mail = a_notice(kind, language, full=False)
        for part in (mail.subject, mail.text, mail.html):
            assert not any(
                said in part for said in ("Esempio", "Prima", "84,50", "84.50", "2027", CITIZEN)
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_simple_and_has_its_style_in_it(language: Language) -> None:
    """It has a language and inline style, and no script, picture or resource to fetch.

    Its one button opens the message; the other links end the e-mails.
    """
    mail = a_notice(language=language)
    seen = Seen(mail.html)

    assert not {"script", "img", "link", "iframe", "form"} & set(seen.tags)
    opening, *ending = seen.links
    assert opening == "https://recapito.example/inbox/messages/01J0000000000000000000000A"
    assert all(link.startswith("https://recapito.example/api/mail/v1/") for link in ending)
    assert len(ending) == 2
    assert all(link in mail.text for link in seen.links)
    assert 'style="' in mail.html
    assert f'<html lang="{language[:2]}"' in mail.html
    assert "max-width" in mail.html
    assert not re.search(r"url\(|@import|http", seen.style)


def test_tables_of_the_layout_are_no_tables_for_a_screen_reader() -> None:
    """Each has the role presentation; the one heading of the first level is also the title."""
    html = a_notice().html

    assert html.count("<table") == html.count('role="presentation"') == 3
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == re.findall(r"<title>(.*?)</title>", html)


LOGO = prepared_logo(a_logo())


def test_the_logo_is_inside_the_e_mail_and_named() -> None:
    """It is a part beside the HTML, which names it; no program fetches it from a server."""
    mail = a_notice(logo=LOGO, about=replace(ABOUT, organization="Comune di Esempio"))
    read = email.message_from_bytes(written(mail), policy=policy.default)

    assert not read.defects
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    *_, picture = read.walk()
    assert picture.get_payload(decode=True) == LOGO
    assert picture["Content-ID"] == f"<{LOGO_ID}>"
    assert picture.get_content_disposition() == "inline"
    (image,) = re.findall(r"<img[^>]*>", mail.html)
    assert f'src="cid:{LOGO_ID}"' in image
    assert 'alt="Comune di Esempio"' in image
    assert re.search(r'width="\d+" height="\d+"', image)
    html = read.get_body(("html",))
    assert html is not None
    assert html.get_content().splitlines() == mail.html.splitlines()


def test_an_e_mail_without_previews_shows_no_logo() -> None:
    """A logo names the sender."""
    mail = a_notice(full=False, logo=LOGO)

    assert mail.logo == b""
    assert "<img" not in mail.html


COLOUR = re.compile(r"(?<![-\w])(color|background-color):\s*(#[0-9a-f]{6})")


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _inverted(colour: str) -> str:
    return f"#{0xFFFFFF - int(colour[1:], 16):06x}"


def test_light_and_dark_screens_have_contrast() -> None:
    """All texts have 4.5 to 1 at least on their ground, also where a program inverts colours."""
    template = (Path(str(files("lib.rendering.email"))) / "templates/email.html.jinja").read_text()
    light, _, dark = template.partition("</style>")[0].partition("@media")
    for style, inverted in ((light, False), (light, True), (dark, False)):
        colours: dict[str, dict[str, str]] = {}
        for selectors, rules in re.findall(r"^([^{}@]+)\{([^}]*)\}", style, re.MULTILINE):
            for selector in selectors.split(","):
                colours.setdefault(selector.strip(), {}).update(COLOUR.findall(rules))
        for text, ground in (
            (".text", ".sheet"),
            ("h1", ".sheet"),
            (".foot", ".sheet"),
            (".foot a", ".sheet"),
            (".button a", ".button"),
        ):
            pair = colours[text]["color"], colours[ground]["background-color"]
            if inverted:
                pair = _inverted(pair[0]), _inverted(pair[1])
            assert _contrast(*pair) >= 4.5, (text, pair)


def test_the_style_of_dark_screens_stays_in_the_head() -> None:
    """It is all that is left there, and goes before the style of each element."""
    style = Seen(a_notice().html).style

    assert "prefers-color-scheme: dark" in style.replace("color-scheme:dark", "color-scheme: dark")
    rules = re.findall(r"\{([^{}]*)\}", style)
    assert rules
    for rule in rules:
        for part in filter(str.strip, rule.split(";")):
            assert "!important" in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_validation_email_has_one_link_and_no_list(language: Language) -> None:
    """The citizen asked for it, so that it has no link to unsubscribe."""
    link = LINKS.make("validate", CITIZEN, ADDRESS, NOW)
    mail = validation_mail(id_="01J-VALIDATION-EMAIL", to=ADDRESS, language=language, link=link)

    assert Seen(mail.html).links == [link]
    assert link in mail.text
    read = email.message_from_bytes(written(mail), policy=policy.default)
    assert "List-Unsubscribe" not in read
    assert "X-Italia-Messages-MessageId" not in read


@given(organization=texts, subject=texts, service=texts)
def test_no_text_of_a_sender_makes_a_header_or_a_tag(
    organization: str, subject: str, service: str
) -> None:
    """No text changes the headers or the tags, not even with line ends."""
    about = NotificationFacts(one_line(organization), one_line(subject))
    plain = a_notice()
    mail = notification_mail(
        id_=plain.id,
        to=ADDRESS,
        kind="MESSAGE",
        languages=("it_IT",),
        full=True,
        about=about,
        details=EmailDetails(service, 8450, None),
        message_id=plain.message_id,
        opening=plain.unsubscribe,
        unsubscribe_service=plain.unsubscribe,
        unsubscribe_all=plain.unsubscribe,
    )

    read = email.message_from_bytes(written(mail), policy=policy.default)

    expected = email.message_from_bytes(written(plain), policy=policy.default)
    assert [name for name, _ in read.items()] == [name for name, _ in expected.items()]
    assert read["To"] == ADDRESS
    assert set(Seen(mail.html).tags) <= set(Seen(plain.html).tags)
    assert Seen(mail.html).links == [plain.unsubscribe] * 3


ENCODED_WORD = re.compile(rb"=\?[^?]+\?[bqBQ]\?[^?]*\?=")


@pytest.mark.parametrize(
    "subject",
    [
        "Tassa sui rifiuti",
        "=?utf-8?q?Rimborso_urgente?=",
        "Codice =?x?= tra parentesi",
        "Città di Forlì: " + "l'avviso è lungo " * 12,
        "😀" * 60,
        "A" * 120,
        "parola " * 40,
        "È" + "x" * 119,
        "due  spazi",
    ],
)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    """Encoded words have at most 75 characters (RFC 2047), and lines at most 78."""
    subject = subject.strip()
    mail = Mail(id="an-id", to=ADDRESS, language="it", subject=subject, text="t", html="<p>t</p>")
    raw = written(mail)

    head, _, _ = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert max(len(word) for line in lines for word in (*ENCODED_WORD.findall(line), b"")) <= 75
    assert max(len(line) for line in lines if b"List-Unsubscribe" not in line) <= 78
    (encoded,) = re.findall(rb"\r\nSubject: (.*?)\r\n(?=\S)", raw, re.DOTALL)
    unfolded = encoded.replace(b"\r\n", b"").decode()
    assert str(make_header(decode_header(unfolded))) == subject
    assert email.message_from_bytes(raw, policy=policy.default)["Subject"] == subject


@given(subject=texts, id_=st.just("an-id"), to=st.just(ADDRESS))
def test_no_header_can_be_injected_past_the_composing(subject: str, id_: str, to: str) -> None:
    """The library refuses a line end in a subject, and writes nothing."""
    mail = Mail(id=id_, to=to, language="it", subject=subject, text="t", html="<p>t</p>")
    try:
        raw = written(mail)
    except ValueError:
        assert subject.splitlines() != [subject]
        return
    head = raw.split(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1].strip()]
    assert names == [
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"Auto-Submitted",
        b"MIME-Version",
        b"Content-Type",
        b"Content-Language",
    ]


@pytest.mark.parametrize(
    ("text", "goes_to"),
    [
        ("emails@example.org", "emails@example.org"),
        ("o'neil+tag@sub.example.org", "o'neil+tag@sub.example.org"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
    ],
)
def test_a_valid_address_is_accepted(text: str, goes_to: str) -> None:
    """Its domain is in the form that mail servers know."""
    assert address_of(text).addr_spec == goes_to


@pytest.mark.parametrize(
    "text",
    [
        "a,b@example.org",
        "a>b@example.org",
        "ä@example.org",
        "a..b@example.org",
        ".a@example.org",
        '"a b"@example.org',
        "a\r\nRCPT TO:<b@example.org>@example.org",
        "a\x00@example.org",
        "a@example",
        "a@exa mple.org",
        "a@-" + "x" * 70 + ".org",
        "",
    ],
)
def test_an_address_no_mail_can_go_to_is_refused_for_good(text: str) -> None:
    """The error does not repeat the address."""
    with pytest.raises(RefusedError) as caught:
        address_of(text)

    assert not text or text not in str(caught.value)


def token_of(link: str) -> str:
    """Return the token at a link's end."""
    return link.rpartition("/")[2]


def test_a_link_says_nothing_and_opens_for_its_purpose_alone() -> None:
    """Sealed, of the length of a line or two, and of no use for anything else."""
    link = LINKS.make("unsubscribe", CITIZEN, ADDRESS, NOW, ServiceId("a-service"))
    token = token_of(link)

    assert link.startswith("https://recapito.example/api/mail/v1/unsubscribe/")
    assert len(link) < 400
    assert not any(said in link for said in (CITIZEN, "emails", "a-service"))
    grant = LINKS.read("unsubscribe", token, NOW + timedelta(days=3650))
    assert grant is not None
    assert (grant.fiscal_code, grant.service_id) == (CITIZEN, "a-service")
    assert grant.address == LINKS.fingerprint(ADDRESS) != LINKS.fingerprint("other@example.org")
    assert CITIZEN not in repr(grant)
    assert LINKS.read("validate", token, NOW) is None
    assert Links(b"another-secret-of-tests", "https://x").read("unsubscribe", token, NOW) is None


def test_a_link_opens_the_right_inbox() -> None:
    """Without an address of the app, it has the addresses of the inbox on this origin."""
    id_, other = MessageId("01J0000000000000000000000A"), DelegationId("01J0000000000000000000000B")
    app = Links(b"a-secret-of-the-tests", "https://recapito.example", opens="https://app.example")

    assert LINKS.opening(id_, None) == f"https://recapito.example/inbox/messages/{id_}"
    assert LINKS.opening(id_, other) == f"https://recapito.example/inbox/as/{other}/messages/{id_}"
    assert LINKS.opening(id_, None, is_list=True) == "https://recapito.example/inbox/"
    assert LINKS.opening(MessageId("a/b?c#d"), None).endswith("/inbox/messages/a%2Fb%3Fc%23d")
    assert LINKS.profile() == "https://recapito.example/inbox/profile"
    assert app.opening(id_, None, is_list=True) == f"https://app.example?message_id={id_}"
    assert app.profile() == "https://app.example"


def test_a_validation_link_ends() -> None:
    """It ends after a day, by the app's clock."""
    token = token_of(LINKS.make("validate", CITIZEN, ADDRESS, NOW))

    assert LINKS.read("validate", token, NOW + VALIDATION_LIFE) is not None
    assert LINKS.read("validate", token, NOW + VALIDATION_LIFE + timedelta(seconds=1)) is None


@given(token=st.one_of(st.text(max_size=50), st.binary(max_size=300).map(lambda b: b.hex())))
def test_another_text_than_a_token_opens_nothing(token: str) -> None:
    """Any other text opens nothing, without an error."""
    for purpose in ("unsubscribe", "validate"):
        assert LINKS.read(purpose, token, NOW) is None


def test_a_token_with_one_character_changed_opens_nothing() -> None:
    """The rule holds for a change at each place."""
    token = token_of(LINKS.make("unsubscribe", CITIZEN, ADDRESS, NOW))

    for index, letter in itertools.product(range(0, len(token) - 1, 7), "Ab"):
        if token[index] != letter:
            changed = token[:index] + letter + token[index + 1 :]
            assert LINKS.read("unsubscribe", changed, NOW) is None
