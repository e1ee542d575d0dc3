"""Files of each accepted form are taken, and others refused, whatever their name says."""

import base64
import contextlib
import io
import tracemalloc
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.adapters.embedded.scripted_scanner import EICAR
from lib.domain.attachments.forms.fault import FormError
from lib.domain.attachments.forms.form import check_form
from tests.builders.files import ASIC_S, a_large_pdf, a_p7m, a_pdf, a_png, an_asic

PDF, PNG, P7M, ASIC = a_pdf(), a_png(), a_p7m(), an_asic()
ARMOURED = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(P7M) + b"-----END PKCS7-----\n"
GOOD = {
    "a.pdf": PDF,
    "large.PDF": a_large_pdf(300_000),
    "a.png": PNG,
    "a.pdf.p7m": P7M,
    "text.p7m": base64.b64encode(P7M),
    "lines.p7m": base64.encodebytes(P7M),
    "armoured.p7m": ARMOURED,
    "a.asice": ASIC,
    "a.sce": ASIC,
    "a.asics": an_asic(media_type=ASIC_S),
    "a.scs": an_asic(media_type=ASIC_S, signature="META-INF/signature.p7s"),
}


def an_encrypted_pdf() -> bytes:
    """Return a PDF that says that it is encrypted."""
    return PDF.replace(b"/Root ", b"/Encrypt 9 0 R /Root ")


def a_zip(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


BAD: dict[str, tuple[str, bytes]] = {
    "an empty file": ("a.pdf", b""),
    "a text": ("a.pdf", b"Caro cittadino"),
    "a program": ("a.pdf", b"MZ\x90\x00" + bytes(2000)),
    "EICAR": ("a.pdf", EICAR),
    "HTML": ("a.pdf", b"<html><script>alert(1)</script>%PDF-1.7 %%EOF</html>"),
    "a PDF behind a program": ("a.pdf", b"#!/bin/sh\n" + PDF),
    "a cut PDF": ("a.pdf", PDF[: len(PDF) // 2]),
    "a PDF with an index elsewhere": ("a.pdf", PDF.replace(b"startxref\n", b"startxref\n9")),
    "an encrypted PDF": ("a.pdf", an_encrypted_pdf()),
    "a PDF without a root": ("a.pdf", PDF.replace(b"/Root", b"/Toor")),
    "a PNG by another name": ("a.pdf", PNG),
    "a PDF by another name": ("a.png", PDF),
    "a cut PNG": ("a.png", PNG[:-20]),
    "a PNG with a wrong checksum": ("a.png", PNG.replace(b"IDAT", b"IDAT\x00", 1)),
    "a PNG with more behind it": ("a.png", PNG + b"more"),
    "a PNG of a wide desert": (
        "a.png",
        PNG[:16] + (60_000).to_bytes(4) + (60_000).to_bytes(4) + PNG[24:],
    ),
    "a plain text as P7M": ("a.p7m", b"firmato"),
    "a PDF as P7M": ("a.p7m", PDF),
    "a cut P7M": ("a.p7m", P7M[:-10]),
    "a P7M with more behind it": ("a.p7m", P7M + b"more"),
    "a signature without its document": ("a.p7m", a_p7m(detached=True)),
    "a certificate": ("a.p7m", b"\x30\x82\x01\x00\x06\x03\x55\x04\x03" + bytes(250)),
    "cut base64": ("a.p7m", base64.b64encode(P7M)[:-3]),
    "base64 of a PDF": ("a.p7m", base64.b64encode(PDF)),
    "a container behind a program": ("a.asice", b"MZ\x90\x00" + bytes(200) + ASIC),
    "a ZIP": ("a.asice", a_zip(("a.pdf", PDF))),
    "a ZIP without a signature": (
        "a.asice",
        a_zip(("mimetype", b"application/vnd.etsi.asic-e+zip")),
    ),
    "a packed mimetype": (
        "a.asice",
        a_zip(
            ("mimetype", b"application/vnd.etsi.asic-e+zip"), ("META-INF/signatures.xml", b"<a/>")
        ),
    ),
    "ASiC-S as ASiC-E": ("a.asice", an_asic(media_type=ASIC_S)),
    "two documents in ASiC-S": ("a.asics", an_asic({"a": b"1", "b": b"2"}, media_type=ASIC_S)),
    "a way out": ("a.asice", an_asic({"../../etc/passwd": b"root"})),
    "a bomb": ("a.asice", an_asic({"bomb": bytes(201 * 1024 * 1024)})),
    "a crowd": ("a.asice", an_asic({f"{n}": b"" for n in range(1000)})),
    "a cut container": ("a.asice", ASIC[:-30]),
    "a broken entry": ("a.asice", ASIC.replace(b"%PDF", b"%FDP") if b"%PDF" in ASIC else ASIC[10:]),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_each_form_is_taken(name: str) -> None:
    """The ending of its name says which form it is."""
    check_form(name, io.BytesIO(GOOD[name]))


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_such_file_is_refused(case: str) -> None:
    """The refusal has no word of the content."""
    name, content = BAD[case]

    with pytest.raises(FormError) as refusal:
        check_form(name, io.BytesIO(content))

    assert "cittadino" not in str(refusal.value)


def test_a_declared_size_that_is_a_lie_is_refused() -> None:
    """A bomb may say that it is small."""
    lie = bytearray(an_asic({"bomb": bytes(1_000_000)}))
    place = lie.index(b"PK\x01\x02", lie.index(b"bomb") + 4)
    place = lie.index(b"bomb", place) - 46
    lie[place + 24 : place + 28] = (10).to_bytes(4, "little")

    with pytest.raises(FormError):
        check_form("a.asice", io.BytesIO(bytes(lie)))


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.p7m", "a.asice"])
@given(data=st.data())
@settings(max_examples=40)
def test_any_bytes_get_a_verdict(name: str, data: st.DataObject) -> None:
    """A file that is cut or changed is taken, or refused by FormError."""
    content = bytearray(GOOD[name if name != "a.p7m" else "a.pdf.p7m"])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut: Any = bytes(content[: data.draw(st.integers(0, len(content)))])

    # any other error fails the test
    with contextlib.suppress(FormError):
        check_form(name, io.BytesIO(cut))


def test_a_large_file_is_checked_in_constant_memory() -> None:
    """A PDF of 20 MB takes less than one."""
    file = io.BytesIO(a_large_pdf(20_000_000))
    tracemalloc.start()
    check_form("a.pdf", file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000


def a_chunk(name: bytes, content: bytes = b"") -> bytes:
    """Return a chunk of a PNG image."""
    checksum = zlib.crc32(name + content)
    return len(content).to_bytes(4) + name + content + checksum.to_bytes(4)


def test_an_image_of_many_chunks_takes_no_memory() -> None:
    """Their names are not remembered: 50 MB could have four million of them."""
    names = b"".join(a_chunk(number.to_bytes(4)) for number in range(50_000))
    file = io.BytesIO(PNG[:33] + names + PNG[33:])
    tracemalloc.start()
    check_form("a.png", file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000


def test_a_list_of_entries_is_refused_before_it_is_read() -> None:
    """ZipFile makes an object of each entry, for which 50 MB have room for a million."""
    entry = b"PK\x01\x02" + bytes(42)
    entries = entry * 50_000
    end = b"PK\x05\x06" + bytes(8) + len(entries).to_bytes(4, "little") + bytes(6)
    file = io.BytesIO(entries + end)
    tracemalloc.start()
    with pytest.raises(FormError, match="list of the container"):
        check_form("a.asice", file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3_000_000


TRAILER = b"trailer <</Root 1 0 R /Prev 9>>\nstartxref\n9\n%%EOF"


def test_a_pdf_whose_index_names_itself_is_read_once() -> None:
    """Each walk through its sections costs time, and a thousand of them cost hours."""
    file = Counted(b"%PDF-1.7\nxref\n" + b"0 0\n" * 1000 + TRAILER)
    check_form("a.pdf", file)

    assert file.reads < 1100


def test_an_index_of_too_many_sections_is_refused() -> None:
    """50 MB have room for twelve million empty ones."""
    with pytest.raises(FormError, match="sections"):
        check_form("a.pdf", io.BytesIO(b"%PDF-1.7\nxref\n" + b"0 0\n" * 100_001 + TRAILER))


def test_signed_data_of_too_many_values_are_refused() -> None:
    """A value without a length may have any number of others, also within each other."""
    start = bytes.fromhex("3080 0609 2a864886f70d010702 a080 3080 020101 3180")
    nested = (b"\x31\x80" + b"\x30\x00" * 3000 + b"\x00\x00") * 4

    with pytest.raises(FormError, match="too many values"):
        check_form("a.p7m", io.BytesIO(start + nested))


class Counted(io.BytesIO):
    """A file that counts its reads."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and count it."""
        self.reads += 1
        return super().read(size)
