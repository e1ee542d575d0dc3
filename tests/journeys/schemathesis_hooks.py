"""Write the media types that schemathesis does not know."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def lines(_: Any, value: Any) -> bytes:
    """Return a text as it is, and another value as one line of JSON."""
    return (value if isinstance(value, str) else json.dumps(value, default=str)).encode()
