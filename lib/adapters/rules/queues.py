"""Check queue names, items and delays as Azure Storage does."""

import re
from datetime import timedelta
from typing import Final

from lib.ports.errors import LimitError
from lib.ports.queue import MAX_DELAY, MAX_TEXT_BYTES

MAX_RECEIVE: Final = 32
MIN_RECEIVE_TIMEOUT: Final = timedelta(seconds=1)

_NAME: Final = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_ZERO: Final = timedelta(0)


def check_queue(queue: str) -> None:
    """Raise LimitError for a name that Azure Storage refuses."""
    if not _NAME.fullmatch(queue):
        raise LimitError("a queue's name is 3 to 63 of a-z, 0-9 and single hyphens")


def check_time(queue: str, time: timedelta, *, least: timedelta = _ZERO) -> None:
    """Raise LimitError unless a delay or visibility timeout is from `least` to 7 days."""
    check_queue(queue)
    if not least <= time <= MAX_DELAY:
        raise LimitError(f"{queue}: a delay or visibility timeout is {least} to {MAX_DELAY}")


def check_text(queue: str, text: str) -> None:
    """Raise LimitError for a text of more than 48 KiB in UTF-8."""
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise LimitError(f"{queue}: the text of an item is not Unicode text") from None
    if size > MAX_TEXT_BYTES:
        raise LimitError(f"{queue}: the text of an item is {MAX_TEXT_BYTES} bytes at most")


def check_receive(queue: str, limit: int, visibility_timeout: timedelta) -> None:
    """Raise LimitError unless `limit` is 1 to 32 and the timeout is 1 second to 7 days."""
    check_time(queue, visibility_timeout, least=MIN_RECEIVE_TIMEOUT)
    if not 1 <= limit <= MAX_RECEIVE:
        raise LimitError(f"{queue}: a receive takes 1 to {MAX_RECEIVE} items")
