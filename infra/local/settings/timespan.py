"""Read TimeSpan values of host.json."""

import re
from datetime import timedelta

_TIMESPAN = re.compile(
    r"(?:(?P<days>\d{1,5})\.)?(?P<hours>\d{1,2}):(?P<minutes>[0-5]?\d):(?P<seconds>[0-5]?\d)"
    r"(?:\.(?P<fraction>\d{1,7}))?"
)
_MAX_HOURS = 23


def parse_timespan(text: str) -> timedelta:
    """Return the value of `[d.]hh:mm:ss[.fffffff]`, with hours from 0 to 23 as in .NET.

    Raises: ValueError for another text.
    """
    match = _TIMESPAN.fullmatch(text.strip())
    if match is None or int(match["hours"]) > _MAX_HOURS:
        msg = f"{text!r} is not a time span like 00:00:30 or 1.12:00:00 (hours are 0 to 23)"
        raise ValueError(msg)
    return timedelta(
        days=int(match["days"] or 0),
        hours=int(match["hours"]),
        minutes=int(match["minutes"]),
        seconds=int(match["seconds"]),
        microseconds=int((match["fraction"] or "0").ljust(7, "0")[:6]),
    )
