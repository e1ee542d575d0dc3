"""What may be said of a failure in logs: types and places, never texts that may name a person."""

import logging
import secrets
import traceback

logger = logging.getLogger("recapito")


def describe(error: BaseException) -> str:
    """Return the error's type and where it was raised, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.name} {frame.filename}:{frame.lineno}" for frame in frames[::-1])
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def report(error: BaseException, where: str) -> str:
    """Log a fault and return the trace id, 32 hexadecimal digits, that finds it."""
    trace_id = secrets.token_hex(16)
    logger.error("fault in %s trace_id=%s %s", where, trace_id, describe(error))
    return trace_id
