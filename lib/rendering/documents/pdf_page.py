"""A page to print: A4, filled from the top. The same facts give the same bytes.

Text is drawn as glyphs of an embedded face. It never passes through a markup language, so a
sender's text cannot change the page.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lib.rendering.documents.pdf_text import BOLD, REGULAR, glyphs, lines_of, shown

MARGIN: Final = 20 * mm
WIDTH: Final = A4[0] - 2 * MARGIN


class PdfPage:
    """Writes on a page from the top. All lengths are in points."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._y = A4[1] - MARGIN

    def write(
        self,
        text: str,
        size: float,
        *,
        face: str = REGULAR,
        width: float = WIDTH,
        after: float = 0,
    ) -> None:
        """Write a paragraph below the last paragraph."""
        for line in lines_of(text, face, size, width):
            self._y -= size * 1.25
            self._canvas.setFont(face, size)
            self._canvas.drawString(MARGIN, self._y, line)
        self._y -= after

    def paragraphs(self, texts: Iterable[str], *, size: float = 11, face: str = REGULAR) -> None:
        """Write paragraphs that say the same, one below the other."""
        for text in texts:
            self.write(text, size, face=face, after=8)

    def skip(self, height: float) -> None:
        """Leave a space."""
        self._y -= height

    def field(self, name: str, value: str, *, size: float = 14, width: float = WIDTH) -> None:
        """Write a label and its value. Write nothing if the value has no visible character."""
        if not shown(value, BOLD):
            return
        self.write(name, 9, width=width)
        self.write(value, size, face=BOLD, width=width, after=10)

    def symbol(
        self, matrix: Iterable[Iterable[int]], left: float, above: float, side: float
    ) -> None:
        """Draw the dark modules of a QR code. `side`: of a module. `above`: the space above."""
        shape = self._canvas.beginPath()
        for row, modules in enumerate(matrix, 1):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    shape.rect(left + column * side, self._y - above - row * side, side, side)
        self._canvas.drawPath(shape, stroke=0, fill=1)


def page_pdf(title: str, fill: Callable[[PdfPage], None]) -> bytes:
    """Return the page as PDF."""
    for face in (REGULAR, BOLD):
        glyphs(face)
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=A4, invariant=1, lang="it-IT")
    canvas.setTitle(title)
    canvas.setCreator("Recapito")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    fill(PdfPage(canvas))
    canvas.showPage()
    canvas.save()
    return drawn.getvalue()
