"""Check infra/azure with checkov: `make infra`.

Checkov skips a file that it cannot parse and a check that crashes, without an error. This module
reports both as problems, and also a run that did not check the important resources.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = "infra/azure"
PYTHON: Final = ".venv-checks/bin/python"
"""Checkov's own venv: its pins conflict with ours."""

OPTIONS: Final = ("--framework", "bicep", "--skip-download", "--output", "json")

WATCHED: Final = (
    "Microsoft.DocumentDB/databaseAccounts.account",
    "Microsoft.KeyVault/vaults.vault",
    "Microsoft.KeyVault/vaults/secrets.secret",
    "Microsoft.Storage/storageAccounts.account",
    "Microsoft.Web/sites.app",
)
"""The resources that a run must check."""
_LEAST_WORDS: Final = 3
"""The minimum number of words in the reason for a skipped check."""


def problems(report: dict[str, Any], log: str) -> list[str]:
    """Return the problems of a report of checkov and of its log."""
    results = report.get("results", {})
    passed = results.get("passed_checks", [])
    skipped = results.get("skipped_checks", [])
    checked = {check["resource"] for check in passed}
    return [
        *(f"not parsed: {path}" for path in results.get("parsing_errors", [])),
        *(f"not checked: {name}" for name in WATCHED if name not in checked),
        *(f"crashed: {line}" for line in log.splitlines() if "Failed to run check" in line),
        *(f"failed: {_description(check)}" for check in results.get("failed_checks", [])),
        *(
            f"skipped without a reason: {_description(check)}"
            for check in skipped
            if len(check["check_result"].get("suppress_comment", "").split()) < _LEAST_WORDS
        ),
    ]


def _description(check: dict[str, Any]) -> str:
    lines = "-".join(str(line) for line in check["file_line_range"])
    place = f"{FOLDER}{check['file_path']}:{lines} {check['resource']}"
    return f"{check['check_id']} {check['check_name']} ({place})"


def run(folder: str = FOLDER) -> tuple[dict[str, Any], str]:
    """Run checkov, which needs no network, and return its report and its log."""
    done = subprocess.run(
        [PYTHON, "-m", "checkov.main", "--directory", folder, *OPTIONS],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return {}, done.stderr
    # Without a file to check, checkov returns a summary only.
    return (report if isinstance(report, dict) else {}), done.stderr


def main() -> int:
    """Check, print the problems, and return the exit status."""
    report, log = run()
    found = problems(report, log)
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    summary = report.get("summary", {})
    sys.stdout.write(
        f"infra/azure: {summary.get('passed', 0)} checks passed,"
        f" {summary.get('skipped', 0)} skipped with a reason, {len(found)} problems\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
