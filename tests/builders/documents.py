"""Papers to vary, and readers of papers that share no code with their writers."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import zxingcpp
from hypothesis import strategies as st
from PIL import Image

from lib.domain.documents.documents import CalendarEntry, PaymentNotice, PaymentReceipt, Place
from lib.domain.shared.deadline import deadline_at, in_rome

SVG = "{http://www.w3.org/2000/svg}"
DUE = datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC)

amounts = st.integers(1, 9_999_999_999)
notice_numbers = st.from_regex(r"[0123][0-9]{17}", fullmatch=True)
organizations = st.from_regex(r"[0-9]{11}", fullmatch=True)
deadlines = st.datetimes(datetime(1, 1, 1), timezones=st.just(UTC)).map(deadline_at)  # noqa: DTZ001
subjects = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=10, max_size=120),
    st.text("àèìòùÀÈÉ'\u2019€ ;,:\\\"<>&()\r\n%/😀👨‍👩‍👧", min_size=10, max_size=120),
    st.from_regex(r"[A-Za-zà]{60,120}", fullmatch=True),
)


def a_notice(**changes: Any) -> PaymentNotice:
    """Return a payment notice."""
    values: dict[str, Any] = {
        "organization": "Comune di Esempio",
        "subject": "Tassa sui rifiuti",
        "payee_fiscal_code": "01234567890",
        "notice_number": "301000000000000017",
        "amount": 8450,
        "deadline": deadline_at(DUE),
        "invalid_after_deadline": False,
        **changes,
    }
    return PaymentNotice(**values)


def a_receipt(**changes: Any) -> PaymentReceipt:
    """Return a payment receipt."""
    values: dict[str, Any] = {
        "organization": "Comune di Esempio",
        "subject": "Tassa sui rifiuti",
        "payee_fiscal_code": "01234567890",
        "notice_number": "301000000000000017",
        "amount": 8450,
        "is_amount_told": True,
        "paid_at": in_rome(datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        "event_id": "receipt-1",
        "source": "sandbox-payments-service",
        **changes,
    }
    return PaymentReceipt(**values)


def an_entry(**changes: Any) -> CalendarEntry:
    """Return a calendar entry."""
    values: dict[str, Any] = {
        "message_id": "01KB0000000000000000000000",
        "changed_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
        "organization": "Comune di Esempio",
        "subject": "Tassa sui rifiuti",
        "deadline": deadline_at(DUE),
        "amount": 8450,
        **changes,
    }
    return CalendarEntry(**values)


def in_parts(count: int, *, whole: bool = True, **changes: Any) -> PaymentNotice:
    """Return a payment notice with instalments, each due a month after the one before."""
    parts = [
        a_notice(
            notice_number=f"3010000000000001{index:02d}",
            amount=1000 + index,
            deadline=deadline_at(DUE + timedelta(days=30 * index)),
            place=Place(index, count),
            is_instalment=whole,
            **changes,
        )
        for index in range(1, count + 1)
    ]
    first = a_notice(**changes) if whole else parts.pop(0)
    return replace(first, instalments=tuple(parts))


def a_logo(width: int = 300, height: int = 200, *, transparent: bool = False) -> bytes:
    """Return a logo as PNG: a blue square, black at the edge."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0 if transparent else 255))
    image.paste((0, 102, 204, 255), (10, 10, width - 10, height - 10))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def scanned_all(image: Image.Image) -> list[str]:
    """Return the texts of all codes on an image, from the top down."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    codes = zxingcpp.read_barcodes(image, formats=formats)
    return [str(one.text) for one in sorted(codes, key=lambda one: one.position.top_left.y)]


def scanned(image: Image.Image) -> str:
    """Return the text of the one code on an image."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    (code,) = zxingcpp.read_barcodes(image, formats=formats)
    return str(code.text)


def scanned_png(png: bytes) -> str:
    """Return the text of the code on a PNG."""
    return scanned(Image.open(io.BytesIO(png)))


def scanned_svg(svg: bytes) -> str:
    """Return the text of the code in an SVG whose modules are strokes along a row."""
    picture = ET.fromstring(svg)
    (dark,) = (path for path in picture.iter(f"{SVG}path") if path.get("stroke") == "#000")
    image = Image.new("L", (41, 41), 255)
    x = y = 0.0
    for command, arguments in re.findall(r"([Mmh])([^Mmh]*)", dark.attrib["d"]):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", arguments)]
        if command == "h":
            for column in range(int(x), int(x + numbers[0])):
                image.putpixel((column, int(y)), 0)
            x += numbers[0]
        else:
            x, y = (0, 0) if command == "M" else (x, y)
            x, y = x + numbers[0], y + numbers[1]
    return scanned(image.resize((410, 410), Image.Resampling.NEAREST))


def page(pdf: bytes) -> tuple[str, Image.Image]:
    """Return the text of a PDF's one page, and the page as a printer shows it."""
    (only,) = pages(pdf)
    return only


def pages(pdf: bytes) -> list[tuple[str, Image.Image]]:
    """Return the text of each page of a PDF, and the page as a printer shows it."""
    return [
        (one.get_textpage().get_text_range(), one.render(scale=2).to_pil())
        for one in pypdfium2.PdfDocument(pdf)
    ]


def properties(ics: bytes) -> list[tuple[str, str]]:
    """Return names, parameters among them, and raw values, by the rules of RFC 5545, 3.1."""
    assert ics.endswith(b"\r\n")
    lines = ics.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert len(line) <= 75
        line.decode()  # no character is torn
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    unfolded = ics.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode().split("\r\n")
    return [(name, value) for name, _, value in (line.partition(":") for line in unfolded)]


def unescaped(value: str) -> str:
    """Return a TEXT value (RFC 5545, 3.3.11); fail where a character is not escaped."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)
