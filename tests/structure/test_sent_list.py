"""Each change of a message's status reaches the list of sent messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPOSITORIES = ROOT / "lib" / "repositories" / "messages"
HISTORY = "/status_history/-"
FOLLOWED = {
    "lib/use_cases/messages/checks/hold_message.py: release": "the fan-out that it queues",
}
"""Changes without a note of their own, each with what makes the note."""


def methods(folder: Path) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Return each method below the folder with its module."""
    for path in sorted(folder.rglob("*.py")):
        for class_ in ast.walk(ast.parse(path.read_text())):
            for node in class_.body if isinstance(class_, ast.ClassDef) else ():
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield path, node


def called(node: ast.AST) -> set[str]:
    """Return the methods that are called on attributes of `self` and on `self`."""
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {ast.unparse(one) for one in calls if isinstance(one, ast.Attribute)}


def changes() -> set[str]:
    """Return the names of the repository methods that add a step to a message's history."""
    found = list(methods(REPOSITORIES))
    direct = {node.name for _, node in found if HISTORY in ast.unparse(node)}
    return direct | {
        node.name for _, node in found if called(node) & {f"self.{name}" for name in direct}
    }


def test_the_repositories_have_these_changes() -> None:
    """A new way to change a status is found by this test."""
    names = {"deliver", "hold", "release", "reject", "fail", "reopen", "withdraw"}
    assert changes() == names | {"_settle"}


def test_each_use_case_that_changes_a_status_notes_it() -> None:
    """The class of the method, or what the method queues, calls NoteSent."""
    unnoted, followed = [], set()
    calls = {
        f"self.{owner}.{name}" for owner in ("_messages", "_withdrawals") for name in changes()
    }
    for path, node in methods(ROOT / "lib" / "use_cases"):
        if not called(node) & calls:
            continue
        name = f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        if name in FOLLOWED:
            followed.add(name)
        elif not re.search(r"self\._note(\.announced)?\(", path.read_text()):
            unnoted.append(name)
    assert unnoted == []
    assert followed == FOLLOWED.keys()
