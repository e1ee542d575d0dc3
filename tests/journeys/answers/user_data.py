"""Calls that meet every declared answer about a citizen's requests for all personal data."""

from typing import Final

from tests.host.host_process import wait_for
from tests.journeys.answers.paths import PACKED
from tests.journeys.support import Journeys

BASES: Final = {"/api/identity/v1": "USERDA00A00A000A", "/api/v1": "USERDA01A00A000A"}
ARCHIVE: Final = "/api/identity/v1/user-data-archive"
CHOICE: Final = {"choice": "DOWNLOAD"}
DELETION: Final = {"choice": "DELETE"}


def user_data(journeys: Journeys) -> None:
    """Meet every answer to a citizen who asks for all data, at both base paths."""
    for base, citizen in BASES.items():
        token, path = journeys.token(citizen), f"{base}/user-data-processing"
        one, erasure = f"{path}/DOWNLOAD", f"{path}/DELETE"
        for status, method, where, body, who in (
            (404, "GET", ARCHIVE, None, token),
            (404, "GET", one, None, token),
            (400, "POST", path, {"choice": "OTHER"}, token),
            (400, "GET", f"{path}/OTHER", None, token),
            (400, "DELETE", f"{path}/OTHER", None, token),
            (401, "DELETE", erasure, None, "x"),
            (404, "DELETE", erasure, None, token),
            (200, "POST", path, DELETION, token),
            (409, "POST", path, DELETION, token),
            (200, "GET", erasure, None, token),
            (202, "DELETE", erasure, None, token),
            (409, "DELETE", erasure, None, token),
            (401, "POST", path, CHOICE, "x"),
            (401, "GET", one, None, "x"),
            (401, "GET", ARCHIVE, None, "x"),
            (400, "GET", f"{ARCHIVE}?x=1", None, token),
            (413, "POST", path, {"padding": " " * 70_000}, token),
            (200, "POST", path, CHOICE, token),
        ):
            answer = journeys.as_citizen(method, where, token=who, json=body)
            assert answer.status_code == status, f"{method} {where}: {answer.text}"
        packed = journeys.as_citizen("POST", path, token=token, data=b"x", headers=PACKED)
        assert packed.status_code == 415
        wait_for(lambda: _is_ready(journeys, one, token))  # noqa: B023 - called at once
        archive = journeys.as_citizen("GET", ARCHIVE, token=token)
        assert archive.content.startswith(b"PK")
        for status, asked in ((206, "bytes=0-3"), (416, "bytes=99999999-")):
            ranged = {"Range": asked}
            part = journeys.as_citizen("GET", ARCHIVE, token=token, headers=ranged)
            assert part.status_code == status
        _meet_conflict(journeys, path, token)


def _is_ready(journeys: Journeys, path: str, token: str) -> bool:
    answer = journeys.as_citizen("GET", path, token=token)
    assert answer.status_code == 200
    return bool(answer.json()["status"] == "CLOSED")


def _meet_conflict(journeys: Journeys, path: str, token: str) -> None:
    """Ask again and again: a request is open for some milliseconds at least."""
    for _ in range(50):
        if journeys.as_citizen("POST", path, token=token, json=CHOICE).status_code == 409:
            return
    raise AssertionError("no request was open")
