"""The part of the world that is about vouchers: their callers, and evidence."""

from collections.abc import Mapping
from typing import Any, Final

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.identity.vouchers.evidence import TrackingEvidence
from tests.builders.vouchers import CLIENT_ID, OTHER_PURPOSE, PURPOSE_ID, VoucherSender
from tests.functions.identity.rights import callers
from tests.stack import Reply, Stack

PURPOSES: Final[Mapping[str, str]] = {
    callers.VOUCHER: PURPOSE_ID,
    callers.STRANGER_VOUCHER: OTHER_PURPOSE,
}
"""The purposes of the client's vouchers; the first one acts for the sandbox's service."""
FREE_PURPOSE: Final = "5a4d0000-9a00-4000-8000-00000000000c"
LINKED_PURPOSE: Final = "5a4d0000-9a00-4000-8000-00000000000d"


async def by_voucher(stack: Stack, caller: str, name: str, body: Any = None, **call: Any) -> Reply:
    """Call an endpoint with the voucher of this caller."""
    sender = VoucherSender(stack)
    voucher = sender.voucher(purpose_id=PURPOSES[caller])
    headers = {**sender.headers(voucher), **(call.pop("headers", None) or {})}
    return await sender.call(name, body, headers, **call)


async def keep_evidence(world: Stack, owners: tuple[str, str]) -> None:
    """Keep evidence of a call of the service, and of one of its intermediary.

    The client acts for the service of another organisation with its other purpose.
    """
    subscription = f"subscription-of-sandbox-key-of-{callers.STRANGER}"
    await VoucherSender(world).link("strangers-service", subscription_id=subscription)
    held: Any = world
    for owner, caller in zip(owners, (callers.SERVICE, callers.INTERMEDIARY), strict=True):
        holder = await world.app.identity.authenticate_key(held.credentials[caller])
        token = f"the.evidence.of-{owner}"
        evidence = TrackingEvidence(CLIENT_ID, PURPOSE_ID, token)
        id_ = await world.app.identity.evidence(
            evidence, SERVICE_ID, holder.subscription.user_id, "submit_message"
        )
        held.things[owner]["evidence"] = id_
        held.secrets[owner] |= {id_, token}


async def link_client(stack: Stack, service_id: str) -> dict[str, str]:
    """Link the client to a service with one purpose; return the names of both purposes."""
    sender = VoucherSender(stack)
    await sender.link(service_id, LINKED_PURPOSE)
    return {
        "voucher": sender.voucher(purpose_id=FREE_PURPOSE),
        "free_purpose": FREE_PURPOSE,
        "linked_purpose": LINKED_PURPOSE,
    }
