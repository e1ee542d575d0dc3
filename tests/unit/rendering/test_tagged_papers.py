"""Papers that screen readers can read: PDF/UA-1, read by pypdf and PDFium."""

import io
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from PIL import Image

from lib.domain.profiles.choices import Language
from lib.rendering.documents.notice_pdf import notice_pdf
from lib.rendering.documents.payment_qr import qr_text
from lib.rendering.documents.pdf_text import BOLD, shown
from lib.rendering.documents.receipt_pdf import receipt_pdf
from lib.rendering.logo import HEIGHT, WIDTH, prepared_logo
from lib.rendering.texts.languages import phrases_of, written_languages
from tests.builders.documents import (
    a_logo,
    a_notice,
    a_receipt,
    in_parts,
    page,
    pages,
    scanned_all,
    subjects,
)
from tests.builders.papers import reader, structure

pytestmark = pytest.mark.slow

LOGO = prepared_logo(a_logo())
LANGUAGES: tuple[Language, ...] = ("it_IT", "de_DE")
PAPERS = {
    "notice": notice_pdf(a_notice(logo=LOGO)),
    "notice in two languages": notice_pdf(in_parts(7, logo=LOGO, languages=LANGUAGES)),
    "paid notice": notice_pdf(a_notice(status="PAID")),
    "receipt": receipt_pdf(a_receipt(logo=LOGO)),
    "receipt in two languages": receipt_pdf(a_receipt(is_amount_told=False, languages=LANGUAGES)),
}
EACH_PAPER = pytest.mark.parametrize("pdf", PAPERS.values(), ids=PAPERS)
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}


def flat(text: str) -> str:
    """Return a text with single spaces, since no-break ones are drawn as spaces."""
    return " ".join(text.split())


@EACH_PAPER
def test_the_file_says_what_it_is(pdf: bytes) -> None:
    """Title, language and standard are where PDF/UA-1 wants them."""
    read = reader(pdf)
    catalog = read.root_object
    metadata = ET.fromstring(catalog["/Metadata"].get_data())

    title = read.metadata.title if read.metadata else None
    assert title
    assert "3010 0000 0000 0000 17" in title
    assert [one.text for one in metadata.iterfind(".//dc:title/rdf:Alt/rdf:li", NAMESPACES)] == [
        title
    ]
    assert [one.text for one in metadata.iterfind(".//pdfuaid:part", NAMESPACES)] == ["1"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "it-IT"
    assert pdf.startswith(b"%PDF-1.7")


@EACH_PAPER
def test_all_fonts_are_in_the_file(pdf: bytes) -> None:
    """Each face is embedded, with the characters of its glyphs; none is named without use."""
    fonts = [
        font.get_object()
        for one in reader(pdf).pages
        for font in one["/Resources"]["/Font"].values()
    ]

    assert fonts
    for font in fonts:
        assert font["/FontDescriptor"]["/FontFile2"]
        assert font["/ToUnicode"]


@EACH_PAPER
def test_the_structure_is_whole(pdf: bytes) -> None:
    """One first heading, no level left out, a text for each picture, and a header in each row."""
    top = structure(pdf)

    assert top.role == "Document"
    levels = [int(one.role[1]) for one in top.named("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(one.alternative for one in top.named("Figure"))
    rows = top.named("TR")
    assert rows
    for row in rows:
        header, value = row.parts
        assert not isinstance(header, str)
        assert not isinstance(value, str)
        assert (header.role, header.scope, value.role) == ("TH", "Row", "TD")
        assert header.said.strip()
        assert value.said.strip()


def test_a_notice_is_read_in_its_order() -> None:
    """Head and payee come first, then the sum, the places to pay, and the data with the code."""
    top = structure(notice_pdf(a_notice(logo=LOGO, subject="Perché no? Città")))

    roles = ("H1", "H2", "H3", "P", "Figure", "TH", "TD")
    said = [(one.said or one.alternative).strip() for one in top.named(*roles)]
    assert said[:8] == [
        "Avviso di pagamento pagoPA",
        "Perché no? Città",
        "Logo di Comune di Esempio",
        "Ente creditore",
        "Comune di Esempio",
        "Quanto e quando pagare?",
        "84,50 €",
        "entro il 30/06/2027",
    ]
    rest = [
        said.index(one)
        for one in (
            "Dove pagare?",
            "Con un'app o online",
            "Di persona",
            "Rata unica",
            "Codice QR per pagare 84,50\xa0€",
            "Importo",
            "Scadenza",
            "30 giugno 2027",
            "Codice avviso",
            "3010 0000 0000 0000 17",
            "Codice fiscale dell'ente creditore",
            "01234567890",
            "Oggetto",
        )
    ]
    assert rest == sorted(rest)


@pytest.mark.parametrize("language", [one for one in written_languages() if one != "it_IT"])
def test_each_language_is_named(language: Language) -> None:
    """A screen reader changes its voice for the words of the second language alone."""
    languages: tuple[Language, ...] = ("it_IT", language)
    words, tag = phrases_of(language).papers, phrases_of(language).tag

    top = structure(notice_pdf(a_notice(languages=languages)))

    said = {flat(one.said) for one in top.named("Span")}
    assert {one.language for one in top.all()} == {"", tag}
    assert {flat(one) for one in (words.notice, words.online, words.places, words.where)} <= said
    italian = phrases_of("it_IT").papers
    assert not {flat(one) for one in (italian.online, italian.where)} & said


@pytest.mark.parametrize(
    ("count", "whole", "languages"),
    [
        (2, True, ("it_IT",)),
        (2, False, LANGUAGES),
        (3, False, ("it_IT",)),
        (12, True, LANGUAGES),
        (24, False, ("it_IT",)),
    ],
)
def test_each_sum_has_a_section_and_a_code_of_its_own(
    count: int, whole: bool, languages: tuple[Language, ...]
) -> None:
    """No section is torn; each page has the head, which a screen reader says once."""
    notice = in_parts(count, whole=whole, languages=languages, logo=LOGO)
    pdf = notice_pdf(notice)
    shown_pages = pages(pdf)

    codes = [code for _, printed in shown_pages for code in scanned_all(printed)]
    assert codes == [qr_text(one) for one in (notice, *notice.instalments)]
    for text, printed in shown_pages:
        assert "Avviso di pagamento pagoPA" in text
        assert len(scanned_all(printed)) == len(re.findall("Codice avviso", text))
    top = structure(pdf)
    headings = [one.said for one in top.named("H2")]
    expected = [f"Rata {index} di {count}" for index in range(1, count + 1)]
    assert [one.split(" / ")[0] for one in headings][-count - whole :] == [
        *(["Rata unica"] if whole else []),
        *expected,
    ]
    assert len(top.named("H1")) == 1
    said = f"oppure in {count} rate" if whole else f"Il pagamento è in {count} rate"
    assert said in top.said


def test_a_settled_instalment_has_no_code() -> None:
    """Its section says why; the others can be paid."""
    notice = in_parts(3)
    first, *others = notice.instalments
    changed = replace(notice, instalments=(replace(first, status="PAID"), *others))

    shown_pages = pages(notice_pdf(changed))

    codes = [code for _, printed in shown_pages for code in scanned_all(printed)]
    assert codes == [qr_text(one) for one in (changed, *others)]
    assert "risulta già pagato" in " ".join(text for text, _ in shown_pages)


def test_the_recipient_is_named_on_request_alone() -> None:
    """Any person may pay, so the paper has the citizen's code only where the citizen wants it."""
    named, _ = page(notice_pdf(a_notice(payer="AAAAAA00A00A000A")))
    unnamed, _ = page(notice_pdf(a_notice()))

    assert "Destinatario" in named
    assert "AAAAAA00A00A000A" in named
    assert "Destinatario" not in unnamed


def test_another_payee_than_the_sender_is_not_named_so() -> None:
    """The sender's name stands as the sender's."""
    text, _ = page(notice_pdf(a_notice(is_of_payee=False)))

    assert "Ente mittente" in text
    assert "Ente creditore" not in text


HOSTILE = [
    "#set text(size: 99pt) $x$ \\input{x} *a* _b_ <img src=x>",
    "BT /F1 99 Tf (x) Tj ET EMC /P <</MCID 0>> BDC",
    "\u202eetnatropmi\u202c שלום مرحبا",
    "😀👨‍👩‍👧🇮🇹",
    "W" * 120,
    "a " * 60,
    "\x00\x07\ufffe",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_sender_changes_the_structure(text: str) -> None:
    """Markup, operators of PDF, other directions and signs without glyphs are text at most."""
    plain = [one.role for one in structure(notice_pdf(a_notice(logo=LOGO))).all()]
    top = structure(notice_pdf(a_notice(subject=text, organization=text, logo=LOGO)))

    roles = [one.role for one in top.all()]
    if shown(text, BOLD):
        assert roles == plain
        assert re.sub(r"\s", "", shown(text, BOLD)) in re.sub(r"\s", "", top.said)
    else:
        assert set(roles) <= set(plain)


@settings(max_examples=15, deadline=None)
@given(subjects, subjects)
def test_any_text_has_its_place_in_the_structure(subject: str, organization: str) -> None:
    """Each object of a page belongs to an element or is an artifact, whatever the texts are."""
    structure(notice_pdf(a_notice(subject=subject, organization=organization)))
    structure(receipt_pdf(a_receipt(subject=subject, organization=organization)))


@pytest.mark.parametrize("size", [(1, 1), (2048, 20), (20, 2048), (300, 200)])
def test_a_logo_is_small_and_on_white(size: tuple[int, int]) -> None:
    """A logo of any size keeps its white ground in a mail program that makes grounds dark."""
    small = prepared_logo(a_logo(*size, transparent=True) if min(size) > 20 else _plain(size))

    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.mode == "RGB"
        assert image.width <= WIDTH
        assert image.height <= HEIGHT
        assert image.getpixel((0, 0)) == (255, 255, 255)
    text, _ = page(notice_pdf(a_notice(logo=small)))
    assert "Avviso di pagamento" in text


def test_what_is_no_image_gives_no_logo() -> None:
    """A paper is drawn without it."""
    assert prepared_logo(b"no image") is None
    assert prepared_logo(a_logo()[:100]) is None


def _plain(size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    Image.new("P", size).save(content, "PNG")
    return content.getvalue()
