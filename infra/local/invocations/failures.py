"""Describe exceptions of functions by type and frames.

An exception's text can quote a body. It is shown in the sandbox only, whose data is invented, and
it is masked there too.
"""

import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self, override

from pydantic import ValidationError

from infra.local.settings.options import is_sandbox
from lib.telemetry.masking import mask

_MAX_TEXT = 300
_LIBRARY = "azure_functions_runtime"
"""The library whose frames are left out: they are the same in every failure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of a function, without personal data.

    `type_name`: the type of the exception. `lines`: its frames, and the frames of its causes.
    `text`: the masked text of the exception, in the sandbox only.
    """

    type_name: str
    lines: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Return the parts of an exception that are safe to print."""
        return cls(_name(error), tuple(_frames(error)), masked_text(error) if is_sandbox() else "")

    @staticmethod
    def forget() -> None:
        """Forget the failure of this context, at the start of an invocation."""
        _last.set(None)

    @staticmethod
    def last() -> "Failure":
        """Return the failure of this context."""
        return _last.get() or Failure("the function was not loaded")


def masked_text(error: BaseException) -> str:
    """Return the exception's masked text in one line; places and rules of a validation error."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = (f"{'.'.join(map(str, one['loc'])) or '(root)'}: {one['msg']}" for one in found)
        text = "; ".join(places)
    else:
        text = str(error)
    line = " ".join(mask(text).split())
    return line if len(line) <= _MAX_TEXT else f"{line[:_MAX_TEXT]}…"


_last: ContextVar[Failure | None] = ContextVar("last_failure", default=None)


class _Censor(logging.Filter):
    """A filter that replaces exceptions in log records by type and frames."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        failure = Failure.of(error)
        record.exc_info = record.exc_text = None
        record.msg = "\n".join(["%s", *("%s" for _ in failure.lines)])
        record.args = (failure.type_name, *failure.lines)
        return True


class _Collector(logging.Filter):
    """A filter that turns the worker library's reports of failures into `Failure.last`."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return record.levelno >= logging.WARNING
        _last.set(Failure.of(error))
        return False


class _FaultText(logging.Filter):
    """A filter that adds the text of a reported fault to the app's log line."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        fault = getattr(record, "fault", None)
        if isinstance(fault, BaseException) and (text := masked_text(fault)):
            record.msg, record.args = "%s: %s", (record.getMessage(), text)
        return True


_fault_text = _FaultText()
_censor, _collector = _Censor(), _Collector()


def collect_failures() -> None:
    """Send the library's exceptions to `Failure.last`, and censor the exceptions of servers."""
    logging.getLogger("azure.functions").addFilter(_collector)
    if is_sandbox():
        logging.getLogger("recapito").addFilter(_fault_text)
    for name in ("aiohttp.server", "asyncio"):
        logging.getLogger(name).addFilter(_censor)


def _name(error: BaseException) -> str:
    kind = type(error)
    prefix = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return prefix + kind.__qualname__


def _frames(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if current is not error:
            yield f"caused by {_name(current)}"
        for frame in traceback.extract_tb(current.__traceback__):
            if _LIBRARY not in frame.filename:
                yield from traceback.format_list([frame])[0].rstrip().split("\n")
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
