"""Repositories alone know documents and the names of stored fields."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.repositories.messages.message_mapping import SUMMARY_FIELDS

ROOT = Path(__file__).parents[2]
READS_AND_WRITES = {"read", "query", "create", "upsert", "replace", "patch"}
"""Names that a test of a feature leaves to repositories, tests/stored.py and tests/builders."""
KNOW_DOCUMENTS = ("lib/repositories/", "lib/ports/", "lib/adapters/")
ALLOWED = {"DocumentStore", "Container"}
"""Names of the port that other tests may use, to hand on a store and to name a container."""
NO_MESSAGE = {
    "lib/domain/messages/checks/submission_warnings.py",
    "lib/domain/messages/words/variants.py",
    "lib/domain/batches/recipients/row.py",
    "lib/domain/batches/rows/row_message.py",
    "lib/domain/batches/rows/row_refusal.py",
    "lib/domain/batches/rows/row_values.py",
    "lib/use_cases/batches/sending/open_run.py",
    "lib/domain/batches/recipients/checks/columns.py",
    "functions/http/openapi/answers.py",
    "lib/domain/remote_content/judgement.py",
}
"""Modules with other mappings of such names: requests, rows of batches, OpenAPI, answers."""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ("lib", "functions"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(KNOW_DOCUMENTS):
                yield name, ast.parse(path.read_text())


def _message_fields() -> frozenset[str]:
    """Return the names that the mapping of messages reads."""
    mapping = ROOT / "lib" / "repositories" / "messages" / "message_mapping.py"
    read = {key for _, key in _keys(ast.parse(mapping.read_text()))}
    return frozenset(read) | frozenset(SUMMARY_FIELDS)


def _keys(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts in `x["text"]`, `x.get("text")` and `"text" in x`, but for a call's path."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            found = node.slice
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            named = called.id if isinstance(called, ast.Name) else called
            found = node.args[0] if named == "get" else None
        elif isinstance(node, ast.Compare):
            found = node.left
        if not isinstance(found, ast.Constant) or not isinstance(found.value, str):
            continue
        if ".path" not in ast.unparse(node):
            yield found.lineno, found.value


def test_documents_patches_and_conditions_stay_in_repositories() -> None:
    """A use case or a view gets a type of the domain, never a document."""
    offending = {
        name
        for name, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "lib.ports.documents"
        and {alias.name for alias in node.names} - ALLOWED
    }

    assert offending == set()


def test_no_message_is_asked_for_a_stored_field() -> None:
    """Members of Message are asked for, so that a name can change in one place."""
    fields = _message_fields()
    assert {"status", "payment_order", "reminder_at", "message_title", "read_at"} <= fields
    offending = [
        f"{name}:{line}: {key}"
        for name, tree in _modules()
        if name not in NO_MESSAGE
        for line, key in _keys(tree)
        if key in fields
    ]

    assert offending == []


def _touches_documents(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that read, write or query documents in the store of a stack."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="document"):
                yield node.lineno
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(attr="store") | ast.Name(id="store"), attr=operation
                )
            ) if operation in READS_AND_WRITES:
                yield node.lineno
            case ast.ImportFrom(module="lib.ports.documents", names=names) if {
                alias.name for alias in names
            } & {"PatchOperation", "Query"}:
                yield node.lineno


def test_no_test_of_a_feature_knows_stored_fields() -> None:
    """Ask a repository or tests/stored.py, and alter documents by tests/builders."""
    features = ROOT / "tests" / "functions"
    offending = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(features.rglob("*.py"))
        for line in _touches_documents(ast.parse(path.read_text()))
    ]

    assert offending == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("await stack.store.read(MESSAGES, citizen, id_)", 1),
        ("await store.upsert(MESSAGES, message)", 1),
        ("stored.document['status']", 1),
        ("from lib.ports.documents import Query", 1),
        ("await stack.store.delete(MESSAGES, citizen, id_)", 0),
        ("from lib.ports.documents import Container, Document", 0),
    ],
)
def test_a_use_of_a_document_is_recognised(code: str, count: int) -> None:
    """A deletion is allowed, since it needs no field."""
    assert len(list(_touches_documents(ast.parse(code)))) == count
