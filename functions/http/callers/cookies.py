"""The cookies of logins and sessions: their names, and how they are read and set."""

from collections.abc import Mapping
from datetime import timedelta

from lib.use_cases.sign_in.outcomes import CookieKind, Kept


def named(kind: CookieKind, login: str = "", *, is_local: bool) -> str:
    """Return the name of a cookie. `login`: what tells the logins of one browser apart.

    The prefix makes a browser refuse the cookie from another host, and without TLS. A browser on
    this machine would refuse it, since there is no TLS.
    """
    name = f"recapito-{kind}-{login}" if login else f"recapito-{kind}"
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

    `Lax`: the browser sends it also when a provider leads back to this app.
    """
    name = named(kept.kind, kept.login, is_local=is_local)
    seconds = max(0, int(kept.life.total_seconds()))
    secure = "" if is_local else "; Secure"
    return f"{name}={kept.value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def ended_cookie(*, is_local: bool) -> str:
    """Return the header that ends the cookie of a session."""
    return set_cookie(Kept("session", "", timedelta(0)), is_local=is_local)
