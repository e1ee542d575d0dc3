"""Endpoints of a citizen's own sessions, and of the logout of an app."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from functions.http.callers.access_log import Logs
from functions.http.callers.cookies import ended_cookie, set_cookie
from functions.http.contract.answers import StoredJson
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.sign_in.browsers import sign_in_of
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import SessionId, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.domain.sign_in.errors import SessionNotFoundError, SignInOffError
from lib.domain.sign_in.rules import BASE

CITIZENS: Final = Citizens(OWNER_ALONE)
PATH: Final = "/api/identity/v1/sessions"
SessionIdInPath = Annotated[UlidField, says("The id of a session, as the list has it.")]
_Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
_LEVEL: Final = re.compile("L([123])$")


class SessionView(Model):
    """A session: a login in one app on one device, or in one browser."""

    id: Annotated[str, says("The id of the session.")]
    client_id: Annotated[str, says("The id of the app.")]
    device_name: Annotated[str, says("The name of the device, as its app told it at the login.")]
    created_at: Annotated[_Time, says("When the citizen logged in: date and time in UTC.")]
    last_used_at: Annotated[_Time, says("When the session was renewed last: date and time in UTC.")]
    expires_at: Annotated[_Time, says("When the session ends by itself: date and time in UTC.")]
    acr: Annotated[str, says("The level of assurance of the login.")]
    provider: Annotated[str, says("The id of the provider of the login.")]
    is_current: Annotated[bool, says("Whether this call comes from the session.")]


class SessionViews(Model):
    """All sessions of a citizen that go on, the last one first."""

    items: Annotated[list[SessionView], says("The sessions, at most twenty.")]


class PublicSession(Model):
    """IO's view of the session of the call. A member that was not asked for is absent."""

    spidLevel: Annotated[  # noqa: N815 - IO's name on the wire
        str | None, says("The level of assurance of the login, by its name of SPID.")
    ] = None
    expirationDate: Annotated[  # noqa: N815 - IO's name on the wire
        _Time | None, says("When the session ends by itself: date and time in UTC.")
    ] = None
    walletToken: Annotated[  # noqa: N815 - IO's name on the wire
        str | None, says("IO's app requires the member. It opens nothing here.")
    ] = None
    bpdToken: Annotated[  # noqa: N815 - IO's name on the wire
        str | None, says("IO's app requires the member. It opens nothing here.")
    ] = None


class LoggedOut(Model):
    """The session has ended."""

    message: Annotated[Literal["ok"], says("Always `ok`: the session has ended.")] = "ok"
    end_session_url: Annotated[
        str | None,
        says(
            "Where the browser ends the citizen's session at the provider. Absent: there is no "
            "such address."
        ),
    ] = None


class PublicSessionQuery(Model):
    """The members that the app asks for."""

    fields: Annotated[
        str | None,
        StringConstraints(max_length=200),
        says("The members wanted, as `(spidLevel,expirationDate)`. Absent: all."),
    ] = None


async def _list(call: Call[Access, None, None]) -> Answer:
    found = await sign_in_of(call.app).own.list(call.caller)
    items = [
        SessionView(
            id=one.session.id,
            client_id=one.session.client_id,
            device_name=one.session.device_name,
            created_at=timestamp(one.session.created_at),
            last_used_at=timestamp(one.session.last_used_at),
            expires_at=timestamp(one.session.ends_at),
            acr=one.session.acr,
            provider=one.session.provider,
            is_current=one.is_current,
        )
        for one in found
    ]
    return Answer(200, SessionViews(items=items))


async def _end(call: Call[Access, None, None]) -> Answer:
    await sign_in_of(call.app).own.end(call.caller, SessionId(call.path["session_id"]))
    return Answer(204)


async def _end_all(call: Call[Access, None, None]) -> Answer:
    sign_in = sign_in_of(call.app)
    await sign_in.own.end_all(call.caller)
    return Answer(204, headers={"Set-Cookie": ended_cookie(is_local=sign_in.rules.is_local)})


async def _log_out(call: Call[Access, None, None]) -> Answer:
    sign_in = sign_in_of(call.app)
    is_local = sign_in.rules.is_local
    result = await sign_in.log_out(call.caller)
    cookies = [ended_cookie(is_local=is_local)]
    if result is not None and result.cookie is not None:
        cookies.append(set_cookie(result.cookie, is_local=is_local))
    url = result.url if result else None
    return Answer(200, LoggedOut(end_session_url=url), cookies=tuple(cookies))


async def _read(call: Call[Access, None, PublicSessionQuery]) -> Answer:
    sign_in = sign_in_of(call.app)
    session = await sign_in.own.current(call.caller)
    found = _LEVEL.search(session.acr)
    members: dict[str, Any] = {
        "spidLevel": f"https://www.spid.gov.it/SpidL{found[1]}" if found else session.acr,
        "expirationDate": timestamp(session.ends_at),
        "walletToken": sign_in.hidden(f"wallet {session.id}"),
        "bpdToken": sign_in.hidden(f"bpd {session.id}"),
    }
    asked = re.findall(r"\w+", call.query.fields or "")
    wanted = {name: value for name, value in members.items() if not asked or name in asked}
    return Answer(200, StoredJson(wanted))


list_sessions = Endpoint[Access, None, None](
    name="list_sessions",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the sessions of the citizen",
    description="The sessions of apps that log in here; tokens of another issuer have none.",
    tag="citizen",
    policy=CITIZENS,
    handler=_list,
    answers={200: SessionViews},
    refusals=(SignInOffError,),
)
end_own_session = Endpoint[Access, None, None](
    name="end_own_session",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{session_id}}",
    summary="End a session of the citizen",
    description=(
        "Its tokens are refused, at once or within 10 seconds, and its device gets no more "
        "notifications."
    ),
    tag="citizen",
    policy=CITIZENS,
    parameters={"session_id": SessionIdInPath},
    handler=_end,
    logs=Logs(Action.SESSION_ENDED),
    answers={204: None},
    refusals=(SessionNotFoundError, SignInOffError),
)
end_own_sessions = Endpoint[Access, None, None](
    name="end_own_sessions",
    is_ours=True,
    method="DELETE",
    path=PATH,
    summary="End all sessions of the citizen",
    description="The session of the call ends too. Each token from before is refused.",
    tag="citizen",
    policy=CITIZENS,
    handler=_end_all,
    logs=Logs(Action.SESSION_ENDED),
    answers={204: None},
    refusals=(SignInOffError,),
)
log_out = Endpoint[Access, None, None](
    name="log_out",
    method="POST",
    path=f"{BASE}/logout",
    summary="Log the citizen out",
    description=(
        "The session of the call ends: its tokens and its cookie are refused, at once or within 10 "
        "seconds, and its device gets no more notifications. 404: the token is of another issuer."
    ),
    tag="citizen",
    policy=CITIZENS,
    handler=_log_out,
    logs=Logs(Action.SESSION_ENDED),
    answers={200: LoggedOut},
    refusals=(SessionNotFoundError, SignInOffError),
)
read_session = Endpoint[Access, None, PublicSessionQuery](
    name="read_session",
    method="GET",
    path=f"{BASE}/session",
    summary="Read the session of the call",
    description="As in IO. 404: the token is of another issuer.",
    tag="citizen",
    policy=CITIZENS,
    query=PublicSessionQuery,
    handler=_read,
    answers={200: PublicSession},
    refusals=(SessionNotFoundError, SignInOffError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_sessions,
    end_own_session,
    end_own_sessions,
    log_out,
    read_session,
)
