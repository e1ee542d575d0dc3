"""`make run`: start the local host and show a PA's message arriving in a citizen's inbox."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import requests

from infra.local.sandbox_seed import CITIZEN, SENDER_KEY

START_SECONDS = 40
ARRIVE_SECONDS = 10

MESSAGE: dict[str, Any] = {
    "fiscal_code": CITIZEN,
    "content": {
        "subject": "Tassa sui rifiuti, prima rata",
        "markdown": "È disponibile l'avviso della **prima rata** della tassa sui rifiuti. "
        "L'importo è di 84,50 euro e la scadenza è il 30 giugno.",
        "due_date": "2027-06-30T21:59:59Z",
        "payment_data": {"amount": 8450, "notice_number": "301000000000000017"},
    },
}


class Steps:
    """Prints what happens with the time since the first line."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def say(self, text: str) -> None:
        """Print one step."""
        print(f"{time.monotonic() - self._start:7.2f} s  {text}", flush=True)


def _wait[T](look: Callable[[], T | None], seconds: float) -> T | None:
    """Look every 20 ms until something is there; None when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(0.02)
    return None


def show(base: str, steps: Steps) -> bool:
    """Send one message and follow it to the inbox; tell whether it came."""
    session = requests.Session()
    answer = session.post(
        f"{base}/api/v1/messages",
        json=MESSAGE,
        headers={"Ocp-Apim-Subscription-Key": SENDER_KEY},
        timeout=10,
    )
    sent = answer.json()
    if answer.status_code != 201:  # noqa: PLR2004 - HTTP's own number
        steps.say(f"the submission was refused: {answer.status_code} {sent}")
        return False
    steps.say(f"PA       POST /api/v1/messages -> 201, message {sent['id']}")
    token = session.post(f"{base}/sandbox/token", json={"fiscal_code": CITIZEN}, timeout=10).json()[
        "token"
    ]
    steps.say(f"citizen  signed in as {CITIZEN} (sandbox token)")
    citizen = {"Authorization": f"Bearer {token}"}

    def look() -> dict[str, Any] | None:
        page = session.get(
            f"{base}/api/communication/v1/messages",
            params={"enrich_result_data": "true", "page_size": "5"},
            headers=citizen,
            timeout=10,
        ).json()
        return next((item for item in page["items"] if item["id"] == sent["id"]), None)

    item = _wait(look, ARRIVE_SECONDS)
    if item is None:
        steps.say("the message did not arrive")
        return False
    steps.say(
        f"inbox    GET /api/communication/v1/messages -> {item['message_title']!r} "
        f"from {item['organization_name']}"
    )

    def captured() -> dict[str, Any] | None:
        found = session.get(
            f"{base}/sandbox/notifications", params={"message_id": sent["id"]}, timeout=10
        ).json()["items"]
        return found[0] if found else None

    if push := _wait(captured, ARRIVE_SECONDS):
        steps.say(f"phone    push: {push['title']!r} / {push['body']!r}")
    return True


def _curls(base: str) -> str:
    return f"""
Try it (each line can be pasted as it is):

curl -s -X POST {base}/api/v1/messages -H 'Ocp-Apim-Subscription-Key: {SENDER_KEY}' -H 'Content-Type: application/json' -d '{{"fiscal_code":"{CITIZEN}","content":{{"subject":"A message of yours","markdown":"{"Hello from the sandbox. " * 4}"}}}}'

TOKEN=$(curl -s -X POST {base}/sandbox/token -H 'Content-Type: application/json' -d '{{"fiscal_code":"{CITIZEN}"}}' | sed 's/.*"token": *"\\([^"]*\\)".*/\\1/')

curl -s "{base}/api/communication/v1/messages?enrich_result_data=true&page_size=3" -H "Authorization: Bearer $TOKEN"

The API's description: {base}/openapi.json    Stop with Ctrl-C.
"""


def _ready(base: str, host: subprocess.Popen[bytes]) -> Callable[[], bool | None]:
    def look() -> bool | None:
        if host.poll() is not None:
            return False
        try:
            return requests.get(f"{base}/openapi.json", timeout=5).ok or None
        except requests.ConnectionError:
            return None

    return look


def main() -> int:
    """Run until Ctrl-C; 1 when the host or the message did not come."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=7071)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--once", action="store_true", help="stop after the message has arrived")
    options = parser.parse_args()
    steps = Steps()
    base = f"http://127.0.0.1:{options.port}"
    arguments = ["--port", str(options.port), "--workers", str(options.workers)]
    steps.say("host     starting, on the embedded stack")
    host = subprocess.Popen([sys.executable, "-m", "infra.local", *arguments])  # noqa: S603
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if not _wait(_ready(base, host), START_SECONDS):
            return host.poll() or 1
        if not show(base, steps):
            return 1
        if not options.once:
            print(_curls(base), flush=True)
            host.wait()
    except KeyboardInterrupt:
        pass
    finally:
        host.send_signal(signal.SIGINT)
        host.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
