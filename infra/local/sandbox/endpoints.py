"""The sandbox's endpoints: citizens' tokens, the clock, and captured notifications."""

import asyncio
import json
import re
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeIs, runtime_checkable

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.http.problems import problem
from infra.local.sandbox.tokens import TokenIssuer
from infra.local.settings.options import external_provider
from lib.composition.stacks import NOTIFICATIONS_FILE
from lib.domain.shared.identifiers import (
    FISCAL_CODE_PATTERN,
    ORGANIZATION_FISCAL_CODE_PATTERN,
)

MAX_LISTED: Final = 1000
_PARTY = re.compile(f"{FISCAL_CODE_PATTERN[1:-1]}|{ORGANIZATION_FISCAL_CODE_PATTERN[1:-1]}")
_FISCAL_CODE = re.compile(FISCAL_CODE_PATTERN[1:-1])
_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_MAX_FIELD_DIGITS = 32


@runtime_checkable
class MovableClock(Protocol):
    """The clock that all workers and the app share."""

    def now(self) -> datetime:
        """Return the present time in UTC (an aware datetime)."""
        ...

    def advance(self, step: timedelta, /) -> datetime:
        """Advance the clock of every process by `step`; return the new time.

        Raises: ValueError for a time out of range.
        """
        ...

    def set(self, moment: datetime, /) -> datetime:
        """Advance the clock of every process to `moment`; return the new time.

        Raises: ValueError for a time that has passed or is out of range.
        """
        ...


class Sandbox:
    """The /sandbox endpoints, which exist only when the setting SANDBOX is true.

    `issuer` None: another identity provider issues the citizens' tokens.
    """

    def __init__(self, clock: MovableClock, issuer: TokenIssuer | None, data_folder: Path) -> None:
        self._clock, self._issuer = clock, issuer
        self._notifications = data_folder / NOTIFICATIONS_FILE

    def mount(self, http: HttpHost) -> None:
        """Add the endpoints, and let all answers tell the sandbox's time."""
        http.show_time_of(self._clock.now)
        http.add("POST", "sandbox/token", self._token)
        http.add("GET", "sandbox/clock", self._read_clock)
        http.add("POST", "sandbox/clock", self._move_clock)
        http.add("GET", "sandbox/notifications", self._list_notifications)
        http.add("DELETE", "sandbox/notifications", self._delete_notifications)

    async def _token(self, request: web.BaseRequest, _: dict[str, str]) -> web.Response:
        body = await _json_object(request)
        if body is None:
            return problem(400, "the body must be a JSON object with fiscal_code")
        fiscal_code = body.get("fiscal_code")
        if not is_fiscal_code(fiscal_code):
            rule = "must be a fiscal code: 16 characters such as AAAAAA00A00A000A"
            return problem(400, f"fiscal_code {rule}", field="fiscal_code")
        if self._issuer is None:
            return problem(409, f"citizens sign in at {external_provider()}: get a token there")
        party, delegation_id = body.get("acting_for"), body.get("delegation_id")
        if party is not None and not (isinstance(party, str) and _PARTY.fullmatch(party)):
            rule = "must be the fiscal code of a party: 16 characters, or 11 digits of a company"
            return problem(400, f"acting_for {rule}", field="acting_for")
        token, expires_at = self._issuer.issue(
            fiscal_code, self._clock.now(), party, str(delegation_id) if delegation_id else None
        )
        return _json({"token": token, "expires_at": _stamp(expires_at)})

    async def _read_clock(self, _: web.BaseRequest, __: dict[str, str]) -> web.Response:
        return _json({"now": _stamp(self._clock.now())})

    async def _move_clock(self, request: web.BaseRequest, _: dict[str, str]) -> web.Response:
        body = await _json_object(request)
        if body is None or len(body.keys() & {"advance", "now"}) != 1:
            return problem(400, 'the body must be {"advance": "P3DT2H"} or {"now": "...Z"}')
        (field,) = body.keys() & {"advance", "now"}
        text = str(body[field])
        try:
            if field == "advance":
                moved = self._clock.advance(parse_duration(text))
            else:
                moved = self._clock.set(_parse_moment(text))
        except (ValueError, OverflowError) as error:
            return problem(400, f"{field}: {error}", field=field)
        return _json({"now": _stamp(moved)})

    async def _list_notifications(
        self, request: web.BaseRequest, _: dict[str, str]
    ) -> web.Response:
        wanted = request.query.get("message_id", "")
        # The file may be long, so a thread reads it.
        lines = await asyncio.to_thread(self._captured, wanted.encode())
        items = [item for line in lines if (item := _captured(line)) is not None]
        unreadable = len(lines) - len(items)
        return _json({"items": items} | ({"unreadable_lines": unreadable} if unreadable else {}))

    def _captured(self, wanted: bytes) -> list[bytes]:
        """Return the newest lines that contain the text."""
        try:
            with self._notifications.open("rb") as file:
                return list(deque((line for line in file if wanted in line), MAX_LISTED))
        except FileNotFoundError:
            return []

    async def _delete_notifications(self, _: web.BaseRequest, __: dict[str, str]) -> web.Response:
        if self._notifications.exists():
            # The file is emptied and not removed, since a writer may have it open.
            self._notifications.write_bytes(b"")
        return web.Response(status=204)


def is_fiscal_code(value: object) -> TypeIs[str]:
    """Tell whether a member of a body is the fiscal code of a person."""
    return isinstance(value, str) and _FISCAL_CODE.fullmatch(value) is not None


def parse_duration(text: str) -> timedelta:
    """Return an ISO 8601 duration of weeks, days, hours, minutes and seconds.

    Raises: ValueError for another text.
    """
    match = _DURATION.fullmatch(text) if len(text) <= _MAX_FIELD_DIGITS else None
    if match is None:
        raise ValueError("must be an ISO 8601 duration such as P3DT2H (no years, no months)")
    return timedelta(**{unit: int(value) for unit, value in match.groupdict().items() if value})


def _parse_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("must be a date-time with its zone, such as 2026-11-23T08:00:00Z")
    return moment.astimezone(UTC)


async def _json_object(request: web.BaseRequest) -> dict[str, Any] | None:
    try:
        body: Any = json.loads(await request.read())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _captured(line: bytes) -> dict[str, Any] | None:
    """Return the notification of a line; None for a line that was cut short."""
    try:
        item: Any = json.loads(line)
    except ValueError:
        return None
    return item if isinstance(item, dict) else None


def _json(content: dict[str, Any]) -> web.Response:
    return web.json_response(content)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
