"""No text of a sender or of a citizen gets into headers or tags, and addresses are valid."""

import email
import re
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.adapters.outbound.mime import address_of
from lib.domain.shared.plain_text import one_line
from lib.ports.mailer import Mail
from lib.ports.send_errors import RefusedError
from lib.rendering.email.compose import EmailDetails, notification_mail
from lib.rendering.texts.notification import NotificationFacts
from tests.unit.rendering.mails import (
    ADDRESS,
    Seen,
    a_notice,
    texts,
    written,
)


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
