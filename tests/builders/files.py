"""Files as senders upload them, made by the libraries that others use, and by hand."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

ASIC_E: Final = "application/vnd.etsi.asic-e+zip"
ASIC_S: Final = "application/vnd.etsi.asic-s+zip"


def a_pdf(text: str = "Certificato") -> bytes:
    """Return a PDF of one page, as reportlab writes it."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def a_large_pdf(size: int) -> bytes:
    """Return a PDF of this many bytes: a page, and a stream that fills it."""
    head = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    filler = size - 700
    while True:
        body = [*head, b"<< /Length %d >>\nstream\n%s\nendstream" % (filler, b"x" * filler)]
        content, places = bytearray(b"%PDF-1.7\n"), []
        for number, one in enumerate(body, 1):
            places.append(len(content))
            content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
        index = len(content)
        content += b"xref\n0 5\n0000000000 65535 f \n"
        content += b"".join(b"%010d 00000 n \n" % place for place in places)
        content += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % index
        if len(content) == size:
            return bytes(content)
        filler += size - len(content)


def a_png(side: int = 20) -> bytes:
    """Return a PNG image."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def a_p7m(content: bytes = b"signed", *, detached: bool = False) -> bytes:
    """Return signed data (CMS) in DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Firma di prova")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    options = [pkcs7.PKCS7Options.Binary]
    if detached:
        options.append(pkcs7.PKCS7Options.DetachedSignature)
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, options)
    )


def an_asic(
    documents: dict[str, bytes] | None = None,
    *,
    media_type: str = ASIC_E,
    signature: str = "META-INF/signatures001.xml",
) -> bytes:
    """Return a container of signed documents; the signature is an empty one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media_type, zipfile.ZIP_STORED)
        for name, content in (documents or {"atto.pdf": a_pdf()}).items():
            archive.writestr(name, content)
        archive.writestr(signature, "<asic:XAdESSignatures/>")
    return buffer.getvalue()
