"""One rule tells what a sender may see and change: `Sender.owns`, `Sender.sent`, `MessageOwner`."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICE_ALONE = {
    "lib/use_cases/payment_notices/submit_payment_notice.py": 1,
}
"""Comparisons of the service that answer who holds a number; a check of the account follows."""


def test_no_use_case_compares_the_senders_service_alone() -> None:
    """A service may have several senders: its own account, and each intermediary's."""
    found: dict[str, int] = {}
    for path in sorted((ROOT / "lib" / "use_cases").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            text = ast.unparse(node) if isinstance(node, ast.Compare) else ""
            if "sender.service.id" in text and ".service_id" in text:
                name = path.relative_to(ROOT).as_posix()
                found[name] = found.get(name, 0) + 1
    assert found == SERVICE_ALONE
