"""Handlers, body and query of the endpoints of both sides of a delegation."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import Field

from functions.http.contract.endpoint import Answer, Body, Call
from functions.http.parameters.values import Continuation
from functions.http.views.delegations import (
    CALL_LIMIT,
    ENDS_AT,
    SERVICES,
    delegation_view,
    delegations_view,
    log_view,
)
from lib.domain.organizations.delegation import MAX_SERVICES, Side, Terms
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import ZonedTimestamp

PATH = "/api/v1/delegations"


class DelegationTerms(Model):
    """The terms of a delegation."""

    service_ids: Annotated[
        list[ServiceIdField] | None, SERVICES, Field(min_length=1, max_length=MAX_SERVICES)
    ] = None
    ends_at: Annotated[ZonedTimestamp | None, ENDS_AT] = None
    call_limit: Annotated[int | None, CALL_LIMIT, Field(ge=1, le=1000, strict=True)] = None

    def terms(self) -> Terms:
        """Return the terms, each service once."""
        ids = None if self.service_ids is None else tuple(dict.fromkeys(self.service_ids))
        return Terms(ids, self.ends_at, self.call_limit)


class PageQuery(Model):
    """The page to read."""

    continuation: Continuation = None


def shown[B, Q](call: Call[Manager, B, Q], name: str) -> OrganizationFiscalCode:
    """Return the organisation that the path has under this name."""
    return OrganizationFiscalCode(call.path[name])


def revoking(name: str, side: Side) -> Callable[[Call[Manager, None, None]], Awaitable[Answer]]:
    """Return the handler that revokes a delegation, as this side."""

    async def revoke(call: Call[Manager, None, None]) -> Answer:
        revoked = await call.app.organizations.delegate.revoke(call.caller, shown(call, name), side)
        return Answer(200, delegation_view(revoked, call.app.ports.clock.now()))

    return revoke


def listing(side: Side) -> Callable[[Call[Manager, None, PageQuery]], Awaitable[Answer]]:
    """Return the handler that lists the delegations of this side."""

    async def list_page(call: Call[Manager, None, PageQuery]) -> Answer:
        page = await call.app.organizations.delegate.page(
            call.caller, side, call.query.continuation
        )
        return Answer(200, delegations_view(page, call.app.ports.clock.now()))

    return list_page


def log_of(name: str, side: Side) -> Callable[[Call[Manager, None, PageQuery]], Awaitable[Answer]]:
    """Return the handler that reads the log, as this side."""

    async def log(call: Call[Manager, None, PageQuery]) -> Answer:
        page = await call.app.organizations.delegate.log(
            call.caller, shown(call, name), side, call.query.continuation
        )
        return Answer(200, log_view(page))

    return log


TERMS = Body[DelegationTerms](
    DelegationTerms,
    name="DelegationTerms",
    example={"service_ids": ["01KBTB5QWKS4M6WKT1F6CGR4M0"], "ends_at": "2027-12-31T23:00:00Z"},
)
LOG_DESCRIPTION = (
    "Each message that the intermediary sent for the organisation, for a year, also after the end "
    "of the delegation. Both sides read the same log. It names no citizen."
)
