"""E-mails as they are composed: parts, previews, links."""

import email
from email import policy
from typing import get_args

import pytest

from lib.domain.profiles.choices import Language
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.email.compose import validation_mail
from tests.unit.rendering.mails import (
    ADDRESS,
    CITIZEN,
    LANGUAGES,
    LINKS,
    NOW,
    Seen,
    a_notice,
    written,
)


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
def test_a_validation_email_has_one_link_and_no_list(language: Language) -> None:
    """The citizen asked for it, so that it has no link to unsubscribe."""
    link = LINKS.make("validate", CITIZEN, ADDRESS, NOW)
    mail = validation_mail(id_="01J-VALIDATION-EMAIL", to=ADDRESS, language=language, link=link)

    assert Seen(mail.html).links == [link]
    assert link in mail.text
    read = email.message_from_bytes(written(mail), policy=policy.default)
    assert "List-Unsubscribe" not in read
    assert "X-Italia-Messages-MessageId" not in read
