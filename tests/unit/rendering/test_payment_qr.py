"""The QR code: a scanner reads pagoPA's text from SVG and PNG."""

import struct
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.rendering.documents.payment_qr import qr_code, qr_png, qr_svg, qr_text
from tests.builders.documents import (
    SVG,
    a_notice,
    amounts,
    notice_numbers,
    organizations,
    scanned_png,
    scanned_svg,
    subjects,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("amount", "last"), [(1, "01"), (10, "10"), (8450, "8450"), (9_999_999_999, "9999999999")]
)
def test_the_text_is_pagopa_s(amount: int, last: str) -> None:
    """The amount has at least two digits, as the specification says."""
    text = qr_text(a_notice(amount=amount))

    assert text == f"PAGOPA|002|301000000000000017|01234567890|{last}"
    assert 43 <= len(text) <= 52


@settings(max_examples=50, deadline=None)
@given(amounts, notice_numbers, organizations)
def test_a_scanner_reads_what_is_to_be_paid(amount: int, number: str, payee: str) -> None:
    """A scan gives amount, number and payee for each form of the number."""
    notice = a_notice(amount=amount, notice_number=number, payee_fiscal_code=payee)
    _, version, *read = scanned_png(qr_png(notice)).split("|")

    assert (version, read) == ("002", [number, payee, f"{amount:02d}"])
    assert scanned_svg(qr_svg(notice)) == qr_text(notice)


@given(amounts, notice_numbers)
def test_all_codes_have_one_size(amount: int, number: str) -> None:
    """By pagoPA's rules it is version 4 with error correction M: 33 modules a side."""
    code = qr_code(a_notice(amount=amount, notice_number=number))

    assert (code.version, code.error, len(code.matrix)) == (4, "M", 33)


def test_the_images_have_their_quiet_zone() -> None:
    """The zone has four modules around, of ten pixels each."""
    png = qr_png(a_notice())
    svg = ET.fromstring(qr_svg(a_notice()))

    assert struct.unpack(">II", png[16:24]) == (410, 410)
    assert (svg.get("width"), svg.get("height")) == ("410", "410")


@given(st.one_of(subjects, st.just('"/><script>alert(1)</script>')))
def test_an_svg_holds_nothing_a_sender_wrote(subject: str) -> None:
    """The SVG has shapes and their title alone."""
    svg = qr_svg(a_notice(subject=subject, organization=subject))

    assert svg == qr_svg(a_notice())
    tags = {element.tag for element in ET.fromstring(svg).iter()}
    assert tags == {f"{SVG}{name}" for name in ("svg", "title", "g", "path")}
