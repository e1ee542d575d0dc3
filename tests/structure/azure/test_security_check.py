"""The security check of infra/azure refuses each report that shows a failure or a gap."""

from typing import Any

import pytest

from infra.azure.check import WATCHED, problems


def a_report(**results: Any) -> dict[str, Any]:
    """Return a report of checkov in which every watched resource has passed."""
    return {"results": {"passed_checks": [{"resource": name} for name in WATCHED], **results}}


def a_check(comment: str = "") -> dict[str, Any]:
    """Return one check of a report."""
    return {
        "check_id": "CKV_AZURE_1",
        "check_name": "a check",
        "check_result": {"suppress_comment": comment},
        "file_path": "/main.bicep",
        "file_line_range": [1, 2],
        "resource": "a resource",
    }


@pytest.mark.parametrize(
    ("report", "log", "says"),
    [
        (a_report(parsing_errors=["main.bicep"]), "", "not parsed: main.bicep"),
        (a_report(failed_checks=[a_check()]), "", "failed: CKV_AZURE_1"),
        (a_report(skipped_checks=[a_check("no")]), "", "skipped without a reason"),
        (a_report(), "Failed to run check CKV_AZURE_1", "crashed: "),
        ({}, "", f"not checked: {WATCHED[0]}"),
    ],
)
def test_a_check_that_did_not_look_does_not_pass(
    report: dict[str, Any], log: str, says: str
) -> None:
    """Checkov itself fails in the second case alone."""
    assert problems(report, log)[0].startswith(says)
    assert problems(a_report(skipped_checks=[a_check("a reason of words")]), "") == []
