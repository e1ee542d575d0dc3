"""An identifier has a type of its own, so that mypy finds two identifiers that are swapped."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IDENTIFIERS = ("message_id", "service_id", "rpt_id", "notice_number", "organization_fiscal_code")
TYPES_OF_OTHERS = {"pec_server_service_id"}
"""Names of fields of a sender's content, of which Recapito knows no rule."""


def annotated(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the name and the annotation of each parameter, field and annotated variable."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.annotation


def is_plain(annotation: ast.expr) -> bool:
    """Tell whether the annotation has `str` as the type, one of the types, or the items' type."""
    match annotation:
        case ast.Name(id="str"):
            return True
        case ast.BinOp(left=left, right=right):
            return is_plain(left) or is_plain(right)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return is_plain(first)
        case ast.Subscript(slice=ast.Tuple(elts=items)):
            return any(map(is_plain, items))
        case ast.Subscript(slice=item):
            return is_plain(item)
    return False


def plain_identifiers(source: str) -> list[str]:
    """Return the names of identifiers that the source annotates with a plain `str`."""
    return [
        name
        for name, annotation in annotated(ast.parse(source))
        if name.removesuffix("s").endswith(IDENTIFIERS)
        and name not in TYPES_OF_OTHERS
        and is_plain(annotation)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "def f(message_id: str) -> None: ...",
        "class A:\n    sender_service_id: str | None = None",
        "class A:\n    rpt_id: Annotated[str, says('The payment.')]",
        "def f(*, message_ids: tuple[str, ...]) -> None: ...",
        "def f(notice_number: Annotated[str | None, says('The number.')]) -> None: ...",
    ],
)
def test_a_plain_identifier_is_found(source: str) -> None:
    """The rule sees parameters, fields, optional values, annotated types and collections."""
    assert plain_identifiers(source)


def test_no_identifier_is_a_plain_text() -> None:
    """The types are those of lib.domain.shared.identifiers."""
    paths = (path for top in ("lib", "functions") for path in sorted((ROOT / top).rglob("*.py")))
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in paths
        if (names := plain_identifiers(path.read_text()))
    }

    assert not found
