"""Map a stored subscription, or a key of version 2026.11, to the subscription of the domain."""

import ipaddress
from collections.abc import Iterable
from typing import Any

from lib.domain.services.service import Group, Network
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document


def subscription_of(document: Document) -> Subscription:
    """Return the subscription in a document."""
    return Subscription(
        id=document["id"],
        kind=SubscriptionKind(document["kind"]),
        user_id=document["user_id"],
        groups=_groups(document["groups"]),
        service_id=document.get("service_id"),
        organization_fiscal_code=document.get("organization_fiscal_code"),
        on_behalf=document.get("on_behalf", False),
        authorized_cidrs=tuple(
            ipaddress.ip_network(cidr, strict=False)
            for cidr in document.get("authorized_cidrs", ())
        ),
        call_limit=document.get("call_limit"),
        state=document.get("state", "ACTIVE"),
        intermediary_fiscal_code=document.get("intermediary_fiscal_code"),
    )


def subscription_of_key(key: Document) -> Subscription:
    """Return the subscription of a key of version 2026.11, which had no subscriptions.

    The key's document itself has the rights, and each key acts for one service.
    """
    groups = _groups(key["groups"])
    kind = SubscriptionKind.OPERATIONS if Group.OPERATIONS in groups else SubscriptionKind.SERVICE
    return Subscription(
        id=key["service_id"],
        kind=kind,
        user_id=key["user_id"],
        groups=groups,
        service_id=key["service_id"],
    )


def subscription_of_former_key(service_id: ServiceId, user_id: str) -> Subscription:
    """Return a subscription for an action of a key of version 2026.11 whose hash is not known."""
    return Subscription(
        id=service_id,
        kind=SubscriptionKind.SERVICE,
        user_id=user_id,
        groups=frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE, Group.OPERATIONS},
        service_id=service_id,
    )


def subscription_document(subscription: Subscription) -> Document:
    """Return the document of a subscription, without its keys."""
    optional: dict[str, Any] = {
        "service_id": subscription.service_id,
        "organization_fiscal_code": subscription.organization_fiscal_code,
        "call_limit": subscription.call_limit,
        "intermediary_fiscal_code": subscription.intermediary_fiscal_code,
    }
    return {
        "id": subscription.id,
        "kind": subscription.kind.value,
        "user_id": subscription.user_id,
        "groups": sorted(subscription.groups),
        "on_behalf": subscription.on_behalf,
        "authorized_cidrs": [str(network) for network in subscription.authorized_cidrs],
        "state": subscription.state,
        **{name: value for name, value in optional.items() if value is not None},
    }


def networks_of(cidrs: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks of stored CIDRs."""
    return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)


def _groups(names: list[Any]) -> frozenset[Group]:
    """Return the groups with these names, without names that this version does not know."""
    return frozenset(Group(name) for name in names if name in Group)
