"""Files whose tests share a host: one worker runs them one after the other."""

from functools import cache
from pathlib import Path
from typing import Final

from xdist.scheduler import LoadFileScheduling

_TESTS: Final = Path(__file__).parent
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    # none of them moves the clock, uses up a limit of the sandbox's keys, or stops a worker
    "journeys": (
        "journeys/test_batch_journey.py",
        "journeys/test_io_app_types.py",
        "journeys/test_message_journey.py",
        "journeys/test_public_clients.py",
        "journeys/test_remote_content.py",
        "journeys/test_sender_client.py",
        "journeys/test_sender_command.py",
        "journeys/test_vouchers.py",
    ),
    # each has citizens of its own, or looks for what it has sent itself
    "inbox": (
        "web/test_budgets.py",
        "web/test_data.py",
        "web/test_delegation.py",
        "web/test_inbox.py",
        "web/test_inbox_long.py",
        "web/test_message.py",
        "web/test_offline.py",
        "web/test_profile.py",
        "web/test_senders.py",
        "web/test_serving.py",
        "web/test_shared_computer.py",
        "web/test_start.py",
        "web/test_whole_way.py",
    ),
    "console": (
        "web/test_console_batch.py",
        "web/test_console_rights.py",
        "web/test_console_send.py",
        "web/test_console_session.py",
        "web/test_zoom.py",
    ),
}
_GROUP_OF: Final = {f"tests/{file}": name for name, files in GROUPS.items() for file in files}


@cache
def group_of(path: Path) -> str | None:
    """Return the group of a file of tests; None for a file that shares nothing."""
    return _GROUP_OF.get(path.relative_to(_TESTS.parent).as_posix())


class ByGroup(LoadFileScheduling):  # type: ignore[misc] # xdist ships no types
    """Gives each worker whole files, and all files of a group to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _GROUP_OF.get(file, file)
