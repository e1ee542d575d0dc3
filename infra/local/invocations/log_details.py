"""Find the message id, or the refusal, that the log shows beside an invocation."""

import json
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web

REQUEST_ID: Final = "x-request-id"
"""The header of an answer that has the id of its log line."""
_CLIENT_ERROR: Final = 400
_ULID: Final = "[0-9A-HJKMNP-TV-Z]{26}"
_IN_LOCATION: Final = re.compile(rf"/({_ULID})$")
_IN_ITEM: Final = re.compile(rf'"message_id": ?"({_ULID})"')
_ID: Final = re.compile(_ULID)


def of_answer(method: str, template: str, values: Mapping[str, str], response: web.Response) -> str:
    """Return the id of the message; for a refused request, its route and the problem's title.

    The route is the template, since a path may name a citizen.
    """
    if response.status >= _CLIENT_ERROR:
        return f"{method} /{template} {_title(response.body)}".rstrip()
    created = _IN_LOCATION.search(response.headers.get("location", ""))
    if created is not None:
        return created[1]
    return next((value for value in values.values() if _ID.fullmatch(value)), "")


def of_item(text: str) -> str:
    """Return the message id of a queue item; "" if there is none."""
    found = _IN_ITEM.search(text)
    return found[1] if found else ""


def _title(body: object) -> str:
    try:
        problem = json.loads(body) if isinstance(body, bytes | bytearray) else None
    except ValueError:
        return ""
    title = problem.get("title") if isinstance(problem, dict) else None
    return f"({title})" if isinstance(title, str) else ""
