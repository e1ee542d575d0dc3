"""Compile the modules of the deployed package, which is read-only in Azure.

The bytecode has unchecked hashes (PEP 552), since zips and Azure's file system change times. Its
bytes depend on the sources alone.
"""

import ast
import compileall
import importlib.util
import marshal
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

_UNCHECKED_HASH: Final = (1).to_bytes(4, "little")
_DOCUMENTED: Final = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def add_bytecode(folder: Path) -> bool:
    """Compile the modules below a folder, beside their sources; tell whether all compile."""
    return bool(
        compileall.compile_dir(
            folder,
            quiet=2,
            stripdir=str(folder),
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
    )


def replace_sources(folder: Path, root: Path) -> None:
    """Put bytecode without docstrings in the place of the modules below a folder.

    Tracebacks name the modules by their paths below `root`. Raises: SyntaxError, ValueError.
    """
    for source in sorted(folder.rglob("*.py")):
        content = source.read_bytes()
        tree = ast.parse(content)
        for node in ast.walk(tree):
            if isinstance(node, _DOCUMENTED):
                _remove_docstring(node)
        code = compile(tree, source.relative_to(root), "exec", dont_inherit=True, optimize=0)
        digest = importlib.util.source_hash(content)
        head = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + digest
        source.with_suffix(".pyc").write_bytes(head + marshal.dumps(code))
        source.unlink()


def _remove_docstring(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> None:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring, *rest]:
            node.body = [*rest] or [ast.copy_location(ast.Pass(), docstring)]
