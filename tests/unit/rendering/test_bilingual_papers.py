"""Papers and calendar entries in the language of their reader."""

import pytest

from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import deadline_at
from lib.rendering.documents.calendar_file import calendar_file
from lib.rendering.documents.notice_pdf import notice_pdf
from lib.rendering.documents.payment_qr import qr_text
from lib.rendering.documents.receipt_pdf import receipt_pdf
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of, written_languages
from tests.builders.documents import DUE, a_notice, a_receipt, an_entry, page, scanned

LONG = "Comunicazione " * 9


def flat(text: str) -> str:
    """Return a text without its line breaks, which belong to the layout."""
    return "".join(text.replace("\ufffe", "-").split())


@pytest.mark.parametrize("language", written_languages())
def test_a_paper_says_all_in_italian_and_in_the_other_language(language: Language) -> None:
    """The longest paper fits its page, with each text once and a code that can be scanned."""
    shared = {
        "subject": LONG,
        "organization": LONG,
        "languages": tuple(dict.fromkeys(("it_IT", language))),
    }
    due = deadline_at(DUE)
    told, printed = page(
        notice_pdf(a_notice(invalid_after_deadline=True, amended_on=due.day, **shared))
    )
    notice = flat(told)
    receipt = flat(page(receipt_pdf(a_receipt(is_amount_told=False, **shared)))[0])

    for words in {phrases_of(one).papers for one in ("it_IT", language)}:
        for said in (
            words.online,
            words.places,
            words.invalid_later,
            words.payee,
            words.not_a_receipt,
        ):
            assert flat(said) in notice
        for said in (words.may_differ, words.what_it_is_not, words.told_by):
            assert flat(said) in receipt
    assert flat(formatting.deadline(due, language)) in notice
    assert notice.count(flat(phrases_of("it_IT").papers.places)) == 1
    assert scanned(printed) == qr_text(a_notice())


def test_a_language_without_texts_adds_nothing() -> None:
    """A paper does not say the same twice."""
    assert notice_pdf(a_notice(languages=("it_IT", "lld_IT"))) == notice_pdf(a_notice())


def test_a_calendar_entry_is_in_one_language() -> None:
    """The citizen alone reads it."""
    text = calendar_file(an_entry(language="sl_SI")).decode().replace("\r\n ", "")

    assert "SUMMARY:Rok: Tassa sui rifiuti" in text
    assert "Znesek: 84" in text
    assert "Scadenza" not in text
