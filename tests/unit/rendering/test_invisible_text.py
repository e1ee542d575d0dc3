"""Subjects and names that show nothing, and the text in their place."""

from typing import get_args

import pytest

from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.plain_text import one_line, shows_nothing
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.documents.calendar_file import calendar_file
from lib.rendering.documents.notice_pdf import notice_pdf
from lib.rendering.documents.receipt_pdf import receipt_pdf
from lib.rendering.email.compose import EmailDetails, notification_mail
from lib.rendering.texts.notification import NotificationFacts, notification_text
from tests.builders.documents import a_notice, a_receipt, an_entry, page, properties

INVISIBLE = [" " * 12, *(12 * one for one in "\u200b\u2060\u00ad\u3164\u2800\u180e\ufe0f\x00")]
VISIBLE = ["a", "\u200ba\u200b", "€", "È", "日", "☀\ufe0f", "̀"]
READ_IT = "Leggi il messaggio da Comune di Esempio"


@pytest.mark.parametrize("text", ["", *INVISIBLE])
def test_invisible_characters_are_no_text(text: str) -> None:
    """Spaces and characters of other categories show nothing."""
    assert shows_nothing(text)
    assert not one_line(text)


@pytest.mark.parametrize("text", VISIBLE)
def test_visible_characters_are_kept(text: str) -> None:
    """Visible characters are kept among invisible ones too."""
    assert not shows_nothing(text)
    assert one_line(text)


@pytest.mark.parametrize("kind", get_args(NotificationKind))
@pytest.mark.parametrize("organization", ["Comune di Esempio", ""])
def test_no_notification_is_empty(kind: NotificationKind, organization: str) -> None:
    """Some push services refuse an empty body; a sender without a name is not named."""
    for language in get_args(Language):
        for is_payment, days in ((False, None), (False, 3), (True, 1), (True, None)):
            about = NotificationFacts(
                organization, one_line(INVISIBLE[0]), is_payment, days, count=2
            )
            text = notification_text(kind, language, about, full=True)
            mail = notification_mail(
                id_="an-id",
                to="ada@example.org",
                kind=kind,
                languages=(language,),
                full=True,
                about=about,
                details=EmailDetails("Un servizio", None, None),
                message_id=MessageId("01J0000000000000000000000A"),
                opening="https://x/inbox",
                unsubscribe_service=None,
                unsubscribe_all="https://x",
            )

            assert all(shown.strip(" :.") == shown for shown in (text.title, text.body))
            assert text.title
            assert text.body
            assert mail.subject.strip(" :") == mail.subject != ""


def test_a_message_without_a_visible_subject_is_announced_by_its_sender() -> None:
    """Push, e-mail and calendar have the same text."""
    about = NotificationFacts("Comune di Esempio", "")
    text = notification_text("MESSAGE", "it_IT", about, full=True)
    mail = notification_mail(
        id_="an-id",
        to="ada@example.org",
        kind="MESSAGE",
        languages=("it_IT",),
        full=True,
        about=about,
        details=EmailDetails("Un servizio", None, None),
        message_id=MessageId("01J0000000000000000000000A"),
        opening="https://x/inbox",
        unsubscribe_service=None,
        unsubscribe_all="https://x",
    )
    written = dict(properties(calendar_file(an_entry(subject=INVISIBLE[0]))))

    assert (text.title, text.body) == ("Comune di Esempio", READ_IT)
    assert mail.subject == READ_IT
    assert written["SUMMARY"] == f"Scadenza: {READ_IT}"


def test_a_paper_leaves_out_a_field_that_shows_nothing() -> None:
    """The name of the field would stand above nothing."""
    for paper in (
        notice_pdf(a_notice(subject=INVISIBLE[0])),
        receipt_pdf(a_receipt(subject=INVISIBLE[1])),
    ):
        text, _ = page(paper)
        assert "Oggetto" not in text
