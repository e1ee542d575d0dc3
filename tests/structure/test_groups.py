"""The groups of tests that share a host."""

from tests.groups import GROUPS, group_of
from tests.host.host_process import ROOT


def test_each_file_of_a_group_exists() -> None:
    """A file with another name would start a host of its own."""
    files = [ROOT / "tests" / file for group in GROUPS.values() for file in group]

    assert [file for file in files if not file.is_file()] == []
    assert {group_of(file) for file in files} == set(GROUPS)
