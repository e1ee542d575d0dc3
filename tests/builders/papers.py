"""Readers of the structure of a PDF that share no code with its writer."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pypdf.generic import IndirectObject


@dataclass(frozen=True)
class Node:
    """An element of the structure; its parts are elements and the text that a reader says."""

    role: str
    language: str
    alternative: str
    scope: str
    parts: "tuple[Node | str, ...]"

    def all(self) -> "Iterator[Node]":
        """Yield this element and those in it, as they are read."""
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.all()

    def named(self, *roles: str) -> "list[Node]":
        """Return the elements of these roles in it, as they are read."""
        return [one for one in self.all() if one.role in roles]

    @property
    def said(self) -> str:
        """Return all text in it, as it is read."""
        return "".join(part.said if isinstance(part, Node) else part for part in self.parts)


def reader(pdf: bytes) -> Any:
    """Return the PDF, read strictly; the types of pypdf do not say what a file has."""
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def structure(pdf: bytes) -> Node:
    """Return the structure, and check that it and the pages name each other.

    Each object of a page is an artifact or belongs to the element of its marked content.
    """
    read, texts = reader(pdf), _texts(pdf)
    root = read.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    owners = {numbers[at]: numbers[at + 1].get_object() for at in range(0, len(numbers), 2)}
    pages = {page.indirect_reference.idnum: at for at, page in enumerate(read.pages)}
    assert (
        [page["/StructParents"] for page in read.pages] == list(owners) == list(range(len(pages)))
    )
    assert all(page["/Tabs"] == "/S" for page in read.pages)
    seen: set[tuple[int, int]] = set()

    def node(reference: IndirectObject, parent: IndirectObject) -> Node:
        element: Any = reference.get_object()
        assert element.raw_get("/P") == parent
        parts: list[Node | str] = []
        # the list's own iterator, since pypdf's resolves references
        for kid in list.__iter__(element["/K"]):
            if isinstance(kid, IndirectObject):
                parts.append(node(kid, reference))
                continue
            page = pages[element.raw_get("/Pg").idnum]
            assert owners[page][kid].get_object() == element
            seen.add((page, kid))
            parts.append(texts[page][kid])
        return Node(
            element["/S"][1:],
            element.get("/Lang", ""),
            element.get("/Alt", ""),
            element.get("/A", {}).get("/Scope", "")[1:],
            tuple(parts),
        )

    top = node(root.raw_get("/K"), root.indirect_reference)
    assert seen == {(page, number) for page, marks in texts.items() for number in marks}
    return top


def _texts(pdf: bytes) -> dict[int, dict[int, str]]:
    """Return the text of each marked content, by page; fail for an object without a mark."""
    document = pypdfium2.PdfDocument(pdf)
    found: dict[int, dict[int, str]] = {}
    for at, page in enumerate(document):
        marks = found.setdefault(at, {})
        textpage = page.get_textpage()
        for drawn in page.get_objects(max_depth=1):
            assert pdfium.FPDFPageObj_CountMarks(drawn) == 1, "an object without one mark"
            mark, number = pdfium.FPDFPageObj_GetMark(drawn, 0), ctypes.c_int()
            is_content = pdfium.FPDFPageObjMark_GetParamIntValue(mark, b"MCID", number)
            if is_content:
                marks[number.value] = marks.get(number.value, "") + _text(drawn, textpage)
            else:
                assert _name(mark) == "Artifact"
    return found


def _text(drawn: pypdfium2.PdfObject, textpage: pypdfium2.PdfTextPage) -> str:
    if drawn.type != pdfium.FPDF_PAGEOBJ_TEXT:
        return ""
    size = pdfium.FPDFTextObj_GetText(drawn, textpage, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFTextObj_GetText(drawn, textpage, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def _name(mark: Any) -> str:
    size, buffer = ctypes.c_ulong(), (ctypes.c_ushort * 64)()
    pdfium.FPDFPageObjMark_GetName(mark, buffer, 128, size)
    return bytes(buffer)[: size.value].decode("utf-16-le").rstrip("\0")
