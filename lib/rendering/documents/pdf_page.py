"""Pages to print: A4, filled from the top, with the structure that screen readers need.

The same facts give the same bytes. Text is drawn as glyphs of an embedded face. It never passes
through a markup language, so a sender's text cannot change a page.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFName
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from lib.rendering.documents.pdf_tags import StructureTree
from lib.rendering.documents.pdf_text import BOLD, REGULAR, Phrase, glyphs, lines_of, shown

MARGIN: Final = 15 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
LANGUAGE: Final = "it-IT"
_LINE: Final = 1.25
_GROUND: Final = 0.91
"""The grey of grounds, where 1 is white."""
_PADDING: Final = 6
_NAMES: Final = 0.36
"""The part of a table's width that the names of its rows have."""

type Fill = Callable[["PdfPage"], None]
type Row = tuple[Phrase, Phrase]


class PdfPage:
    """Writes from the top down, and begins a page where one is full. Lengths are in points.

    `head`: repeated at the top of each page after the first. `is_trial`: nothing is drawn, so that
    the height of what would be drawn is known.
    """

    def __init__(self, canvas: Canvas, head: Fill | None = None, *, is_trial: bool = False) -> None:
        self._canvas, self._head, self._is_trial = canvas, head, is_trial
        self.tree = StructureTree(canvas)
        self._y = self.top
        self._left, self._width = MARGIN, WIDTH

    def write(
        self,
        phrase: Phrase,
        size: float,
        *,
        role: str = "P",
        face: str = REGULAR,
        after: float = 0,
    ) -> None:
        """Write a paragraph or a heading; nothing if it has no visible character."""
        lines = lines_of(phrase, face, size, self._width)
        if lines == [()]:
            return
        with self.tree.element(role):
            self._lines(lines, size, face)
        self._y -= after

    def paragraphs(self, texts: Iterable[Phrase], *, size: float = 10, face: str = REGULAR) -> None:
        """Write paragraphs that say the same, one below the other."""
        for text in texts:
            self.write(text, size, face=face, after=size / 2)

    def heading(self, phrase: Phrase, size: float = 12, role: str = "H2") -> None:
        """Write a heading on a grey ground as wide as the column."""
        inner = self._width - 2 * _PADDING
        lines = lines_of(phrase, BOLD, size, inner)
        height = len(lines) * size * _LINE + _PADDING
        self._y -= _PADDING
        self._ground(height)
        with self.tree.element(role):
            self._lines(lines, size, BOLD, indent=_PADDING)
        self._y -= 2 * _PADDING

    def rows(self, rows: Iterable[Row], *, size: float = 11) -> None:
        """Write a table: a name before each value. A row without a visible value is left out."""
        seen = [row for row in rows if any(shown(text, BOLD) for text, _ in row[1])]
        names = self._width * _NAMES
        with self.tree.element("Table"):
            for name, value in seen:
                top = self._y
                with self.tree.element("TR"):
                    scope = {"O": PDFName("Table"), "Scope": PDFName("Row")}
                    self._y -= (size - 9) * _LINE  # both begin on one line
                    with self.tree.element("TH", attributes=scope):
                        self._lines(lines_of(name, REGULAR, 9, names - _PADDING), 9, REGULAR)
                    low, self._y = self._y, top
                    with self.tree.element("TD"):
                        values = lines_of(value, BOLD, size, self._width - names)
                        self._lines(values, size, BOLD, indent=names)
                self._y = min(low, self._y) - 5

    def skip(self, height: float) -> None:
        """Leave a space."""
        self._y -= height

    def line(self) -> None:
        """Draw a line as wide as the column."""
        with self.tree.artifact():
            self._canvas.setLineWidth(0.5)
            self._canvas.line(self._left, self._y, self._left + self._width, self._y)
        self._y -= 10

    def columns(self, *columns: tuple[float, Fill], gap: float = 14) -> None:
        """Fill columns beside each other, read one after the other; each has a part of the width.

        The next text stands below the longest column.
        """
        top, left, width = self._y, self._left, self._width
        lowest = top
        for part, fill in columns:
            self._y, self._width = top, (width - gap * (len(columns) - 1)) * part
            fill(self)
            lowest = min(lowest, self._y)
            self._left += self._width + gap
        self._y, self._left, self._width = lowest, left, width

    def picture(self, png: bytes, width: float, height: float, alternative: str) -> None:
        """Draw a picture as large as fits, at the right end of the column."""
        image = ImageReader(BytesIO(png))
        wide, high = image.getSize()
        scale = min(width / wide, height / high)
        left, low = self._left + self._width - wide * scale, self._y - high * scale
        with self._figure(left, low, wide * scale, high * scale, alternative):
            self._canvas.drawImage(image, left, low, wide * scale, high * scale)
        self._y = low

    def symbol(
        self, matrix: Callable[[], Iterable[Iterable[int]]], side: float, alternative: str
    ) -> None:
        """Draw the dark modules of a QR code at the left. `side`: of the symbol."""
        low = self._y - side
        if not self._is_trial:
            shape = self._canvas.beginPath()
            rows = [list(row) for row in matrix()]
            module = side / len(rows)
            for row, modules in enumerate(rows, 1):
                column = 0
                for is_dark, same in groupby(modules):
                    count = len(list(same))
                    if is_dark:
                        left = self._left + column * module
                        shape.rect(left, self._y - row * module, count * module, module)
                    column += count
            with self._figure(self._left, low, side, side, alternative):
                self._canvas.drawPath(shape, stroke=0, fill=1)
        self._y = low

    def keep_together(self, fill: Fill) -> None:
        """Fill with what must not be torn: on the next page where this one has no room."""
        trial = PdfPage(self._canvas, is_trial=True)
        fill(trial)
        if self._y - (trial.top - trial.bottom) < MARGIN:
            self._next_page()
        fill(self)

    @property
    def top(self) -> float:
        """The height of the first line's upper end on each page."""
        return A4[1] - MARGIN

    @property
    def bottom(self) -> float:
        """The height of the lower end of what is written."""
        return self._y

    def _next_page(self) -> None:
        self._canvas.showPage()
        self.tree.next_page()
        self._y = self.top
        if self._head is not None:
            with self.tree.artifact():
                self._head(self)

    @contextmanager
    def _figure(
        self, left: float, low: float, width: float, height: float, alternative: str
    ) -> Iterator[None]:
        layout = {
            "O": PDFName("Layout"),
            "Placement": PDFName("Block"),
            "BBox": PDFArray([round(one, 2) for one in (left, low, left + width, low + height)]),
        }
        with (
            self.tree.element("Figure", alternative=alternative, attributes=layout),
            self.tree.content(),
        ):
            yield

    def _ground(self, height: float) -> None:
        if self._is_trial:
            return
        with self.tree.artifact():
            self._canvas.setFillGray(_GROUND)
            self._canvas.rect(self._left, self._y - height, self._width, height, stroke=0, fill=1)
            self._canvas.setFillGray(0)

    def _lines(self, lines: list[Phrase], size: float, face: str, *, indent: float = 0) -> None:
        """Draw lines into the open element; a part in another language is an element in it."""
        runs: list[tuple[str, float, float, str]] = []
        for line in lines:
            self._y -= size * _LINE
            left = self._left + indent
            for text, language in line:
                runs.append((language, left, self._y, text))
                left += stringWidth(text, face, size)
        for language, same in groupby(runs, lambda run: run[0]):
            if language:
                with self.tree.element("Span", language=language):
                    self._draw(same, size, face)
            else:
                self._draw(same, size, face)

    def _draw(self, runs: Iterable[tuple[str, float, float, str]], size: float, face: str) -> None:
        if self._is_trial:
            return
        with self.tree.content():
            self._canvas.setFont(face, size)
            for _, left, low, text in runs:
                self._canvas.drawString(left, low, text)


def pages_pdf(title: str, fill: Fill, head: Fill | None = None) -> bytes:
    """Return the pages as PDF. `head`: repeated at the top of each page after the first."""
    for face in (REGULAR, BOLD):
        glyphs(face)
    drawn = BytesIO()
    canvas = Canvas(
        drawn,
        pagesize=A4,
        invariant=1,
        lang=LANGUAGE,
        pdfVersion=(1, 7),
        initialFontName=REGULAR,  # type: ignore[arg-type]  # the stubs take it for a number
    )
    canvas.setCreator("Recapito")
    page = PdfPage(canvas, head)
    fill(page)
    canvas.showPage()
    page.tree.write(title, LANGUAGE)
    canvas.save()
    return drawn.getvalue()
