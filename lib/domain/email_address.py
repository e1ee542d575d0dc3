"""E-mail addresses that mail can reach: one rule for the profile, the settings and every mailer."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import idna

MAX_LENGTH: Final = 254
"""Characters of a whole address (RFC 5321 4.5.3.1.3, less the angle brackets)."""
_MAX_LOCAL: Final = 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
_ALL_DIGITS: Final = re.compile(r"[0-9]+")

_SHAPE: Final = "must be one e-mail address, such as anna@example.org"
_LOCAL_RULE: Final = (
    "before the @ there must be 1 to 64 of A-Z, a-z, 0-9 and !#$%&'*+/=?^_`{|}~-, with single dots "
    "between them: no accents, no quotes, no brackets"
)
_DOMAIN_RULE: Final = (
    "after the @ there must be a domain name with a dot in it, such as example.org: no IP address, "
    "no underscore, labels of at most 63 characters"
)
_LENGTH_RULE: Final = f"must have at most {MAX_LENGTH} characters"


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address as mail servers know it: the domain is ASCII, by IDNA 2008."""

    local: str
    domain: str


def visible(text: str) -> str:
    """Return an address without its invisible characters, which come with copy and paste.

    The two joiners stay in the domain, where some scripts need them: IDNA refuses them elsewhere.
    """
    local, at, domain = text.strip().rpartition("@")
    kept = (one for one in domain if one in _JOINERS or unicodedata.category(one) != "Cf")
    return "".join((*(one for one in local if unicodedata.category(one) != "Cf"), at, *kept))


def parse_address(text: str) -> EmailAddress:
    """Read an address that mail can reach; raise ValueError with the rule, never the address.

    Other letters than ASCII may stand in the domain alone. The domain follows UTS 46 in its
    nontransitional form, as registries and browsers do: ß stays ß, so that no other domain is
    reached than the one that was written.
    """
    local, at, domain = visible(text).rpartition("@")
    if not at or "@" in local:
        raise ValueError(_SHAPE)
    if len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local):
        raise ValueError(_LOCAL_RULE)
    address = EmailAddress(local, _ascii_domain(domain))
    if len(address.local) + 1 + len(address.domain) > MAX_LENGTH:
        raise ValueError(_LENGTH_RULE)
    return address


def reachable(text: str) -> str:
    """Return the address as it is kept: as written, less what is invisible. Raise ValueError."""
    parse_address(text)
    return visible(text)


def canonical(text: str) -> str:
    """Return the form by which two spellings of one address are the same. Raise ValueError.

    No mail service in use tells upper from lower case before the @, although RFC 5321 lets it.
    """
    address = parse_address(text)
    return f"{address.local.lower()}@{address.domain}"


def _ascii_domain(domain: str) -> str:
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode()
        # an ASCII label that begins with xn-- is taken as it is by the line above
        idna.decode(encoded)
    except (idna.IDNAError, UnicodeError):
        raise ValueError(_DOMAIN_RULE) from None
    labels = encoded.split(".")
    if len(labels) < 2 or not labels[-1] or _ALL_DIGITS.fullmatch(labels[-1]):  # noqa: PLR2004
        raise ValueError(_DOMAIN_RULE)
    return encoded
