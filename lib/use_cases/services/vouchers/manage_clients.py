"""Link clients of PDND to a service that a manager owns, list them, and remove them."""

from collections.abc import Mapping
from typing import Any

from lib.domain.identity.errors import (
    ClientKeyError,
    ClientNotFoundError,
    ClientTakenError,
    ClientVoucherError,
    InvalidVoucherError,
    TooManyClientsError,
    VouchersOffError,
)
from lib.domain.identity.vouchers.client_link import MOST_CLIENTS, ClientLink, linked
from lib.domain.identity.vouchers.parts import SIGNATURE
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import PurposeId, ServiceId, VoucherClientId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.identity.voucher_clients import VoucherClients
from lib.repositories.services.managed_services import ManagedServices
from lib.use_cases.identity.vouchers.authenticate_voucher import AuthenticateVoucher
from lib.use_cases.identity.vouchers.signed import public_key
from lib.use_cases.services.owned_services import OwnedServices


class ManageClients:
    """Link, list and remove the clients of a service.

    A client's id is no secret. So a link needs a present voucher of the client for the purpose:
    otherwise a manager could link the client of another body, whose messages would then be sent in
    the name of the manager's service.
    Each method raises ManagedServiceNotFoundError, and NotAllowedError for another's service.
    Concurrency: a call with a voucher may act by the former link for the life of the cache.
    """

    def __init__(
        self,
        owned: OwnedServices,
        services: ManagedServices,
        clients: VoucherClients,
        vouchers: AuthenticateVoucher,
        clock: Clock,
    ) -> None:
        self._owned = owned
        self._services = services
        self._clients = clients
        self._vouchers = vouchers
        self._clock = clock

    async def list(self, manager: Manager, service_id: ServiceId) -> list[ClientLink]:
        """Return the clients, former ones included.

        Cost: one point read, one query, and one point read for each client.
        """
        await self._owned.existing(manager, service_id)
        found = await self._clients.of_service(service_id, MOST_CLIENTS)
        return [
            one for one in found if any(change.service_id == service_id for change in one.changes)
        ]

    async def link(
        self,
        manager: Manager,
        service_id: ServiceId,
        client_id: VoucherClientId,
        purpose_id: PurposeId,
        voucher: str,
        keys: tuple[Mapping[str, Any], ...],
    ) -> ClientLink:
        """Link the client, or replace its keys; return the link.

        Raise VouchersOffError, ClientVoucherError, ClientKeyError, ClientTakenError,
        TooManyClientsError, UnavailableError.
        Cost: one point read of the service, one query, a point read and a write or two.
        """
        await self._owned.existing(manager, service_id)
        await self._check_voucher(voucher, client_id, purpose_id)
        _check_keys(keys)
        present = await self._clients.get(client_id, purpose_id)
        if present is None or present.service_id != service_id:
            await self._check_free(present)
            if len(await self._clients.of_service(service_id, MOST_CLIENTS)) >= MOST_CLIENTS:
                raise TooManyClientsError(MOST_CLIENTS)
        at, by = timestamp(self._clock.now()), manager.subscription.id
        seen = None if present is None else (present.service_id, present.is_linked)

        def change(before: ClientLink | None) -> ClientLink:
            found = None if before is None else (before.service_id, before.is_linked)
            is_ours = before is not None and before.service_id == service_id
            if found != seen and not is_ours:
                # another manager linked or removed the client meanwhile
                raise ClientTakenError
            return linked(before, client_id, purpose_id, service_id, keys, at, by)

        return await self._clients.put(service_id, client_id, purpose_id, change)

    async def remove(
        self,
        manager: Manager,
        service_id: ServiceId,
        client_id: VoucherClientId,
        purpose_id: PurposeId,
    ) -> None:
        """Remove the client; a second removal changes nothing.

        Raise ClientNotFoundError, UnavailableError. Cost: three point reads and one write.
        """
        await self._owned.existing(manager, service_id)
        present = await self._clients.get(client_id, purpose_id)
        if present is None or present.service_id != service_id:
            raise ClientNotFoundError
        at, by = timestamp(self._clock.now()), manager.subscription.id

        def change(before: ClientLink | None) -> ClientLink:
            if before is None or before.service_id != service_id:
                raise ClientNotFoundError
            return before.removed(at, by)

        await self._clients.put(service_id, client_id, purpose_id, change)

    async def _check_voucher(
        self, token: str, client_id: VoucherClientId, purpose_id: PurposeId
    ) -> None:
        if not self._vouchers.is_on:
            raise VouchersOffError
        try:
            voucher = await self._vouchers.read(token)
        except InvalidVoucherError as error:
            raise ClientVoucherError(error.reason) from None
        if (voucher.client_id, voucher.purpose_id) != (client_id, purpose_id):
            raise ClientVoucherError("the voucher is of another client or purpose than the path")

    async def _check_free(self, present: ClientLink | None) -> None:
        """Refuse a client that acts for another service, unless that service was deleted."""
        if present is None or not present.is_linked:
            return
        other = await self._services.get(present.service_id)
        if other is None or not other.is_deleted:
            raise ClientTakenError


def _check_keys(keys: tuple[Mapping[str, Any], ...]) -> None:
    ids = set[str]()
    for number, key in enumerate(keys):
        if key["kid"] in ids:
            raise ClientKeyError(number, "has the id of another key")
        ids.add(key["kid"])
        algorithm = {"RSA": "RS256", "EC": _OF_CURVE.get(key.get("crv", ""), "ES256")}[key["kty"]]
        try:
            public_key(SIGNATURE, key, algorithm)
        except InvalidVoucherError as error:
            reason = error.reason.removeprefix(f"{SIGNATURE.label} has a key ")
            raise ClientKeyError(number, f"is one {reason}") from None


_OF_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
