"""The message of a payment notice: in five languages, and never beyond its meaning."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from infra.local.sandbox.seed import CITIZEN
from lib.domain.payment_notices.notice import Amendment, Notice
from lib.domain.payment_notices.notice_request import MAX_INSTALMENTS, Term
from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.plain_text import markdown_of, one_line
from lib.domain.shared.values import utf16_length
from lib.rendering.texts.languages import written_languages
from lib.rendering.texts.notice import render_notice
from tests.builders.payment_notices import NUMBER, number
from tests.builders.payments import PAYEE

LANGUAGES: tuple[Language, ...] = written_languages()
NOTICE = Notice(
    payee=PAYEE,
    fiscal_code=FiscalCode(CITIZEN),
    service_id=ServiceId("a-service"),
    user_id="a-user",
    created_at="2026-11-23T09:00:00.000Z",
    language="it_IT",
    subject="Tassa sui rifiuti",
    description=None,
    invalid_after_due_date=False,
    terms=(Term(NUMBER, 123456, "2027-06-30T21:59:59.000Z"),),
    message_ids=(MessageId("01ARZ3NDEKTSV4RRFFQ69G5FAV"),),
    has_whole=True,
)
PARTS = tuple(
    Term(number(100 + one), 9_999_999_999, f"20{27 + one // 12}-{one % 12 + 1:02}-28T10:30:00.000Z")
    for one in range(MAX_INSTALMENTS)
)
ORGANIZATION = "Comune di Esempio"
RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def test_the_whole_message() -> None:
    """The text is the one that an Italian citizen reads."""
    content = render_notice(replace(NOTICE, description="Via Roma 1"), 0, ORGANIZATION).content

    assert content.markdown == (
        "**Comune di Esempio** ti chiede un pagamento di **1.234,56\xa0€**.\n\n"
        "Via Roma 1\n\n"
        "- Scadenza: **30 giugno 2027**\n"
        f"- Numero avviso: 3020 0000 0000 0001 {NUMBER[16:]}\n"
        "- Codice fiscale dell'ente creditore: 01234567890\n\n"
        "Puoi pagare con l'app della tua banca o, con il numero avviso, presso banche, poste e "
        "gli altri prestatori di servizi di pagamento che aderiscono a pagoPA."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("index", [0, 1, MAX_INSTALMENTS])
@pytest.mark.parametrize(
    "description", [None, "*" * 2000, "\n".join("." * 1000), "\U0001d160" * 1000]
)
@pytest.mark.parametrize("has_whole", [True, False])
def test_the_longest_message_fits(
    language: Language, index: int, description: str | None, has_whole: bool
) -> None:
    """Each language has all its texts, and stays between 80 and 10,000 UTF-16 units."""
    notice = replace(
        NOTICE,
        language=language,
        description=description,
        invalid_after_due_date=True,
        has_whole=has_whole,
        terms=(*NOTICE.terms, *PARTS) if has_whole else (*PARTS, *NOTICE.terms),
        message_ids=(None,) * (MAX_INSTALMENTS + 1),
        amendments=(Amendment(2, "2027-12-31T23:30:00.000Z", ("subject",)),),
    )

    markdown = render_notice(notice, index, "(" * 120).content.markdown

    assert 80 <= utf16_length(markdown) <= 10_000
    assert "{" not in markdown
    assert "2028" in markdown, "the day of an amendment is Italy's"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shortest_message_is_long_enough(language: Language) -> None:
    """A notice with the least content has 80 units too."""
    assert render_notice(replace(NOTICE, language=language), 0, "C").content.payment_data


@pytest.mark.parametrize(
    "text",
    [
        "[paga qui](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "<https://evil.example>",
        "<a href='https://evil.example'>x</a>",
        "[x]: https://evil.example",
        "# Titolo\n===\n---\n> citazione\n- uno\n1. due\n    codice\n```\n~~~",
        "a|b\n-|-\n1|2",
        "**grassetto** _corsivo_ `codice` ~~x~~ &copy; &#33;",
        "fine\\",
    ],
)
def test_a_sender_s_markup_stays_plain_text(text: str) -> None:
    """A sender's text makes no links, pictures, HTML, headings or lists."""
    assert_plain(text)


@given(st.text(max_size=60))
def test_any_text_is_plain_text(text: str) -> None:
    """Each visible letter is kept."""
    assert_plain(text)


def assert_plain(text: str) -> None:
    """Fail unless a renderer's result has exactly the lines of the text."""
    lines = [line for one in text.splitlines() if (line := one_line(one))]
    tokens = RENDERER.parse(markdown_of(text))

    assert {one.type for one in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    shown = [one for one in tokens if one.type == "inline"]
    assert {child.type for one in shown for child in one.children or ()} <= {"text"}
    assert ["".join(child.content for child in one.children or ()) for one in shown] == lines


def test_an_organization_is_plain_text_too() -> None:
    """Its name is in bold, unchanged."""
    markdown = render_notice(NOTICE, 0, "A*B\n[C](https://x.example)").content.markdown

    assert markdown.startswith(r"**A\*B \[C\]\(https\:\/\/x\.example\)** ti chiede")
