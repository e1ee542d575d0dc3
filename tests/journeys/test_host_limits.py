"""The whole app on a host without free descriptors."""

import resource
from pathlib import Path

from tests.builders.payments import a_payment
from tests.host.host_process import HostProcess
from tests.journeys.support import INBOX, Journeys, start

DUE = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}


def test_few_descriptors_make_no_answer_a_500(tmp_path: Path) -> None:
    """Every import happens before the host is ready, so that no answer needs a descriptor."""
    with start(tmp_path, "--workers", "1") as host:
        journeys = Journeys(host)
        token = journeys.token()
        assert journeys.as_citizen("GET", INBOX, token=token).status_code == 200
        leave_none(host)
        id_ = journeys.deliver(content=DUE)
        message = f"{INBOX}/{id_}"
        for path in (
            INBOX,
            message,
            f"{message}/calendar.ics",
            f"{message}/reminders",
            f"{message}/payment/qr.svg",
            f"{message}/payment/qr.png",
            f"{message}/payment/notice.pdf",
        ):
            answer = journeys.as_citizen("GET", path, token=token)
            assert answer.status_code == 200, f"{path}: {answer.text}"
        journeys.session.close()


def leave_none(host: HostProcess) -> None:
    """Leave the worker that answers no descriptor beside its open connection."""
    (pid,) = host.kind(background=False)
    numbers = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    free = next(number for number in range(len(numbers) + 1) if number not in numbers)
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, hard))
