"""A client of PDND that acts for a service: which purpose, which service, with which keys."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from lib.domain.shared.identifiers import PurposeId, ServiceId, VoucherClientId

MOST_CLIENTS: Final = 100
"""The clients of a service, former ones included."""
MOST_KEYS: Final = 5
MOST_CHANGES: Final = 50
"""The changes of a link that are kept, the latest."""

type LinkAction = Literal["LINKED", "REMOVED"]


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A change of a link. `by`: the subscription of the manage key. `at`: UTC."""

    action: LinkAction
    at: str
    by: str
    service_id: ServiceId


@dataclass(frozen=True, slots=True)
class ClientLink:
    """The service for which a client acts with one of its purposes.

    `subscription_id`: the subscription as which the client calls. `keys`: public keys (JWK) of the
    client, for what it signs itself. `changes`: the oldest first, also those of a former service.
    """

    client_id: VoucherClientId
    purpose_id: PurposeId
    service_id: ServiceId
    subscription_id: str
    is_linked: bool
    keys: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[LinkChange, ...] = ()

    def key(self, key_id: str) -> Mapping[str, Any] | None:
        """Return the client's key with this id; None if it is not registered."""
        return next((key for key in self.keys if key.get("kid") == key_id), None)

    def removed(self, at: str, by: str) -> "ClientLink":
        """Return the link after its removal; a link that is removed stays as it is."""
        if not self.is_linked:
            return self
        change = LinkChange("REMOVED", at, by, self.service_id)
        return replace(self, is_linked=False, keys=(), changes=_latest(self.changes, change))


def linked(
    before: ClientLink | None,
    client_id: VoucherClientId,
    purpose_id: PurposeId,
    service_id: ServiceId,
    keys: tuple[Mapping[str, Any], ...],
    at: str,
    by: str,
) -> ClientLink:
    """Return the link of a client to a service, with the changes of the link before.

    The same link again changes nothing.
    """
    changes = () if before is None else before.changes
    after = ClientLink(
        client_id=client_id,
        purpose_id=purpose_id,
        service_id=service_id,
        subscription_id=service_id,
        is_linked=True,
        keys=keys,
        changes=changes,
    )
    if after == before:
        return after
    return replace(after, changes=_latest(changes, LinkChange("LINKED", at, by, service_id)))


def _latest(changes: tuple[LinkChange, ...], change: LinkChange) -> tuple[LinkChange, ...]:
    return (*changes, change)[-MOST_CHANGES:]
