"""The holders of keys and vouchers, and the count of their calls."""

from collections.abc import Callable
from typing import Final

from functions.http.callers.cookies import cookies_of, is_of_other_site, named
from functions.http.callers.head import GATEWAY_HEADER, Head, client_address
from functions.http.callers.vouchers import AUTHORIZATION, holder_of_voucher
from lib.composition.app import App
from lib.domain.identity.errors import InvalidSenderKeyError, NotAllowedError
from lib.domain.limits.errors import TooManyCallsError
from lib.domain.services.service import Sender
from lib.domain.services.subscription import KeyHolder
from lib.use_cases.sign_in.outcomes import part_of

ACTING_AS: Final = "recapito-acting-as"
"""The header by which a page of the console names the subscription whose key its browser has.

A page of another site cannot send it with a cookie.
"""


async def key_holder(app: App, head: Head) -> KeyHolder:
    """Return the caller that a trusted gateway names, else the holder of the key.

    Without a key the holder is that of the cookie that ACTING_AS names, or of a voucher. A key
    counts first, since clients of IO may send an Authorization header beside it. ACTING_AS counts
    before that header, which a front of the pages may set.
    """
    headers, identity = head.headers, app.identity
    if identity.authenticate_gateway.trusts(headers.get(GATEWAY_HEADER)):
        return await identity.authenticate_gateway(
            subscription_id=headers.get("x-subscription-id"),
            user_id=headers.get("x-user-id"),
            groups=headers.get("x-user-groups"),
        )
    key = head.key
    if key and not key.isascii():
        raise InvalidSenderKeyError(missing=False)

    def address() -> str | None:
        return client_address(headers.get("x-forwarded-for"), app.settings.trusted_proxies)

    if not key and (acting_as := headers.get(ACTING_AS)):
        return await _by_cookie(app, head, acting_as, address)
    if not key and headers.get(AUTHORIZATION) and identity.authenticate_voucher.is_on:
        head.voucher = await holder_of_voucher(app, headers, head.method, head.url, address())
        return head.voucher.holder
    return await identity.authenticate_key(key, address)


async def _by_cookie(
    app: App, head: Head, subscription_id: str, address: Callable[[], str | None]
) -> KeyHolder:
    """Return the holder of the key that the browser has for the subscription."""
    if not app.settings.has_sign_in:
        raise InvalidSenderKeyError(missing=True)
    rules = app.sign_in.rules
    if is_of_other_site(head.headers, rules.issuer):
        raise NotAllowedError(rule="must be used by a page of this app's own origin")
    name = named("key", part_of(subscription_id), is_local=rules.is_local)
    cookie = cookies_of(head.headers).get(name, "")
    return await app.sign_in.hold_keys.holder(subscription_id, cookie, address)


async def counted_holder(app: App, head: Head) -> KeyHolder:
    """Return the caller, and count the call; raise TooManyCallsError."""
    holder = await key_holder(app, head)
    subscription = holder.subscription
    limit = subscription.calls_allowed
    if limit is not None:
        try:
            left = await app.limits.count_calls(subscription.id, limit)
        except TooManyCallsError as error:
            _set_limit_headers(head, limit, 0, error.seconds)
            raise
        _set_limit_headers(head, limit, left.remaining, left.seconds)
    return holder


async def count_size(app: App, head: Head, caller: Sender, calls: int) -> None:
    """Count a call whose body is worth several calls; one of them is counted already.

    A call never counts for more than the whole limit. Raise TooManyCallsError.
    """
    limit = caller.calls_allowed
    if limit is None or (more := min(calls, limit) - 1) < 1:
        return
    try:
        left = await app.limits.count_calls(caller.subscription_id, limit, more)
    except TooManyCallsError as error:
        _set_limit_headers(head, limit, 0, error.seconds)
        raise
    _set_limit_headers(head, limit, left.remaining, left.seconds)


def _set_limit_headers(head: Head, limit: int, remaining: int, seconds: int) -> None:
    headers = head.answer_headers
    headers["RateLimit-Limit"] = str(limit)
    headers["RateLimit-Remaining"] = str(remaining)
    headers["RateLimit-Reset"] = str(seconds)
