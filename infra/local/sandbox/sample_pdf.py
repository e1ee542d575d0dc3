"""A PDF document of the sandbox's administration."""

from functools import cache


@cache
def a_pdf(padding: int = 0) -> bytes:
    """Return a PDF document of one page, with an unused object of so many bytes."""
    text = b"BT /F1 24 Tf 72 760 Td (Comune di Esempio: documento di prova) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources 7 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(
            b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream)
            for stream in (text, b" " * padding)
        ),
        b"<</Font<</F1 4 0 R>>>>",
    ]
    document, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    document += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\n" % (
        size,
        table,
        size,
    )
    start = document.index(b"xref\n0 ")
    document += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(document)
