"""The structure of a PDF, by which screen readers read it: PDF/UA-1 (ISO 14289-1).

The elements stand in the order in which they are read. Each piece of the page belongs to an element
or is an artifact, which screen readers leave out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import XMP, PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

_METADATA: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"\
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(slots=True, eq=False)
class Element:
    """An element of the structure: its kids are elements and numbers of marked contents.

    `language`: that of the text, "" for that of the document. `alternative`: the text in place of a
    picture. `attributes`: of the layout or of a table, by their owner.
    """

    role: str
    language: str = ""
    alternative: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    kids: "list[Element | int]" = field(default_factory=list)
    page: int = 0


class StructureTree:
    """Builds the structure while the pages are drawn. An element with text is on one page."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._open = [Element("Document")]
        self._owners: list[list[Element]] = [[]]  # of each page: the element of each content
        self._is_artifact = False

    @contextmanager
    def element(
        self,
        role: str,
        *,
        language: str = "",
        alternative: str = "",
        attributes: Mapping[str, Any] | None = None,
    ) -> Iterator[None]:
        """Add an element to the open one, and open it."""
        if self._is_artifact:
            yield
            return
        added = Element(role, language, alternative, attributes or {})
        self._open[-1].kids.append(added)
        self._open.append(added)
        yield
        self._open.pop()

    @contextmanager
    def content(self) -> Iterator[None]:
        """Mark what is drawn meanwhile as content of the open element."""
        if self._is_artifact:
            yield
            return
        owner, owners = self._open[-1], self._owners[-1]
        number = len(owners)
        owners.append(owner)
        owner.kids.append(number)
        owner.page = len(self._owners) - 1
        self._canvas.addLiteral(f"/{owner.role} <</MCID {number}>> BDC")
        yield
        self._canvas.addLiteral("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark what is drawn meanwhile as no content: lines, grounds, and repeated heads."""
        if self._is_artifact:
            yield
            return
        self._canvas.addLiteral("/Artifact BMC")
        self._is_artifact = True
        yield
        self._is_artifact = False
        self._canvas.addLiteral("EMC")

    def next_page(self) -> None:
        """Begin a page."""
        self._owners.append([])

    def write(self, title: str, language: str) -> None:
        """Write the structure, and the facts by which a reader finds it, after the last page."""
        canvas = self._canvas
        # reportlab has no public way to add objects
        document: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
        pages = document.Pages.pages
        built: dict[int, Any] = {}

        def build(element: Element, parent: Any) -> Any:
            entries = {"Type": PDFName("StructElem"), "S": PDFName(element.role), "P": parent}
            if any(isinstance(kid, int) for kid in element.kids):
                entries["Pg"] = document.Reference(pages[element.page])
            if element.language:
                entries["Lang"] = PDFString(element.language)
            if element.alternative:
                entries["Alt"] = PDFString(element.alternative)
            if element.attributes:
                entries["A"] = PDFDictionary(dict(element.attributes))
            node = PDFDictionary(entries)
            own = built[id(element)] = document.Reference(node)
            node["K"] = PDFArray(
                [kid if isinstance(kid, int) else build(kid, own) for kid in element.kids]
            )
            return own

        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        root["K"] = build(self._open[0], document.Reference(root))
        numbers: list[Any] = []
        for index, (page, owners) in enumerate(zip(pages, self._owners, strict=True)):
            numbers += index, PDFArray([built[id(owner)] for owner in owners])
            page.StructParents, page.Tabs = index, PDFName("S")
            # the list of entries that the library writes, which lacks these two
            page.__NoDefault__ = (*page.__NoDefault__, "StructParents", "Tabs")
        root["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        root["ParentTreeNextKey"] = len(pages)
        metadata = _METADATA.format(title=escape(title), language=escape(language)).encode()
        canvas.setTitle(title)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.setCatalogEntry("StructTreeRoot", root)
        canvas.setCatalogEntry("MarkInfo", PDFDictionary({"Marked": "true"}))
        canvas.setCatalogEntry("Metadata", XMP(creator=lambda _: metadata))
