"""The cookies of logins and sessions: their names, how they are read and set, and who brings them.

A browser adds a cookie to the calls of any page, so a call with the cookie of a session must come
from a page of this app's own origin.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from lib.domain.sign_in.errors import CrossSiteCallError
from lib.use_cases.sign_in.outcomes import CookieKind, Kept

CSRF_HEADER: Final = "recapito-csrf"
"""The header of a call that writes with a cookie. A page of another site cannot send it."""
_OF_THIS_SITE: Final = frozenset({None, "same-origin", "none"})
_READS: Final = frozenset({"GET", "HEAD"})


def named(kind: CookieKind, part: str = "", *, is_local: bool) -> str:
    """Return the name of a cookie. `part`: as in Kept.

    The prefix makes a browser refuse the cookie from another host, and without TLS. A browser on
    this machine would refuse it, since there is no TLS.
    """
    name = f"recapito-{kind}-{part}" if part else f"recapito-{kind}"
    return name if is_local else f"__Host-{name}"


def cookies_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cookies of a request by name; of two with one name, the first.

    Only the separator's spaces are no part of a name. A browser lets each host of the domain set a
    cookie whose name begins with another space, since that name has no prefix for it.
    """
    found: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip(" ").partition("=")
        found.setdefault(name, value)
    return found


def set_cookie(kept: Kept, *, is_local: bool) -> str:
    """Return the header `Set-Cookie`. Scripts cannot read the cookie, and no other site sends it.

    `Lax`: the browser sends it also when a provider leads back to this app. A key comes from a
    page of this app alone.
    """
    name = named(kept.kind, kept.part, is_local=is_local)
    same_site = "Strict" if kept.kind == "key" else "Lax"
    seconds = max(0, int(kept.life.total_seconds()))
    secure = "" if is_local else "; Secure"
    return f"{name}={kept.value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}"


def ended_cookie(*, is_local: bool, kind: CookieKind = "session", part: str = "") -> str:
    """Return the header that ends the cookie of a session, or of another kind."""
    return set_cookie(Kept(kind, "", timedelta(0), part), is_local=is_local)


def kept_keys(cookies: Mapping[str, str], *, is_local: bool) -> dict[str, str]:
    """Return the cookies of keys, by the part of their names."""
    prefix = named("key", "-", is_local=is_local).removesuffix("-")
    return {
        name.removeprefix(prefix): value
        for name, value in cookies.items()
        if name.startswith(prefix)
    }


def is_of_other_site(headers: Mapping[str, str], origin: str) -> bool:
    """Tell whether the browser names another site. `origin`: this app's own."""
    is_of_this_site = headers.get("sec-fetch-site") in _OF_THIS_SITE
    return not is_of_this_site or headers.get("origin", origin) != origin


def refuse_other_sites(method: str, headers: Mapping[str, str], origin: str) -> None:
    """Raise CrossSiteCallError for a call that may come from another site.

    A call that writes needs CSRF_HEADER.
    """
    if is_of_other_site(headers, origin):
        raise CrossSiteCallError
    if method not in _READS and CSRF_HEADER not in headers:
        raise CrossSiteCallError
