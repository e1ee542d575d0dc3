"""Authenticate a gateway that has checked the caller's key, and the caller that it names."""

import hmac
from collections.abc import Iterable
from dataclasses import replace

from lib.domain.identity.errors import AnonymousUserError, NotAllowedError
from lib.domain.services.subscription import KeyHolder, SubscriptionKind
from lib.ports.clock import Clock
from lib.repositories.services.key_holders import KeyHolders


class AuthenticateGateway:
    """Find the subscription that a trusted gateway names instead of a key.

    `secrets`: the gateway's secret and its previous one; without any, no gateway is trusted. The
    gateway cannot give rights: the stored subscription decides. It cannot act as an operator.
    Cost: nothing for a subscription that is cached, else three point reads.
    """

    def __init__(self, holders: KeyHolders, secrets: Iterable[bytes], clock: Clock) -> None:
        self._clock = clock
        self._holders = holders
        self._secrets = tuple(secret for secret in secrets if secret)

    def trusts(self, secret: str | None) -> bool:
        """Tell whether this is the gateway's secret; compared in constant time."""
        if not secret or not self._secrets:
            return False
        sent = secret.encode(errors="surrogateescape")
        return any(hmac.compare_digest(sent, known) for known in self._secrets)

    async def __call__(
        self, subscription_id: str | None, user_id: str | None, groups: str | None
    ) -> KeyHolder:
        """Return the holder of the subscription that the gateway names.

        `user_id` must be the subscription's account; the gateway may write it as a path that ends
        in it. `groups`: names separated by commas, to which the groups of the subscription are
        narrowed; None for all groups of the subscription.
        Raise AnonymousUserError, NotAllowedError.
        """
        if not subscription_id or not user_id:
            raise AnonymousUserError
        holder = await self._holders.by_subscription(subscription_id)
        if holder is None:
            raise NotAllowedError
        subscription = holder.subscription
        if subscription.has_ended(self._clock.now()):
            raise NotAllowedError
        if subscription.kind is SubscriptionKind.OPERATIONS:
            raise NotAllowedError
        if user_id.rpartition("/")[2] != subscription.user_id:
            raise NotAllowedError
        if groups is None:
            return holder
        return replace(holder, subscription=subscription.narrowed_to(groups.split(",")))
