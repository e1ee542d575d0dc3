"""Turn records of the logger `recapito` into OpenTelemetry's log records."""

import contextlib
import logging
from typing import Final, override

from opentelemetry._logs import Logger, LogRecord, SeverityNumber

from lib.telemetry.invocation import CURRENT
from lib.telemetry.masking import mask
from lib.telemetry.parents import NOBODY

_SEVERITIES: Final = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}
_NAME: Final = "recapito"


class TraceHandler(logging.Handler):
    """A handler that takes the logger's records away from the root logger.

    The Functions worker listens at the root, and its host would export each record again. `aloud`
    writes warnings and faults to stderr too, for the case that the collector does not answer.
    """

    def __init__(self, target: Logger, *, aloud: bool) -> None:
        super().__init__()
        self._target = target
        self._aloud = logging.lastResort if aloud else None
        self._level_before = logging.NOTSET

    def attach(self) -> None:
        """Add the handler to the logger."""
        logger = logging.getLogger(_NAME)
        self._level_before, logger.propagate = logger.level, False
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def detach(self) -> None:
        """Remove the handler and restore the logger."""
        logger = logging.getLogger(_NAME)
        logger.removeHandler(self)
        logger.setLevel(self._level_before)
        logger.propagate = True

    @override
    def emit(self, record: logging.LogRecord) -> None:
        # logging a fault must not raise, and `handleError` would print an unmasked record
        with contextlib.suppress(Exception):
            self._write(record)

    def _write(self, record: logging.LogRecord) -> None:
        if self._aloud is not None and record.levelno >= self._aloud.level:
            aloud = {"msg": mask(record.getMessage()), "args": (), "exc_info": None}
            self._aloud.handle(logging.makeLogRecord({**vars(record), **aloud, "exc_text": None}))
        current = CURRENT.get()
        self._target.emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                context=NOBODY if current is None else current.context,
                severity_number=_SEVERITIES.get(record.levelno, SeverityNumber.UNSPECIFIED),
                severity_text=record.levelname,
                body=record.getMessage(),
                attributes=getattr(record, "fields", None),
            )
        )
