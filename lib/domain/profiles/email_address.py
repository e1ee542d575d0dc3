"""E-mail addresses that mail can reach: the rule for the profile, the settings and each mailer."""

import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 254
"""Characters of a whole address (RFC 5321 4.5.3.1.3, less the angle brackets)."""
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address in the form that mail servers use: the domain is ASCII, by IDNA 2008."""

    local: str
    domain: str


def visible(text: str) -> str:
    """Return an address without its invisible characters, which come from copy and paste.

    The two joiners stay in the domain: some scripts need them, and a domain without them would be
    another domain.
    """
    local, separator, domain = text.strip().rpartition("@")
    visible_domain = (
        character
        for character in domain
        if character in _JOINERS or unicodedata.category(character) != "Cf"
    )
    return "".join(
        (
            *(character for character in local if unicodedata.category(character) != "Cf"),
            separator,
            *visible_domain,
        )
    )


def parse_address(text: str) -> EmailAddress:
    """Parse an address that mail can reach; raise ValueError with the rule, never the address.

    Only the domain may have letters outside ASCII. The domain follows UTS 46 in its nontransitional
    form, as registries and browsers do: ß stays ß, so that mail reaches the domain that was
    written.
    """
    # loaded here: loading takes a tenth of a second, and few processes parse an address
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        found = validate_email(
            visible(text), allow_smtputf8=False, check_deliverability=False, strict=True
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    if found.ascii_local_part is None:
        raise ValueError("The part before the @-sign must be ASCII.")
    return EmailAddress(found.ascii_local_part, found.ascii_domain)


def reachable(text: str) -> str:
    """Return the address to store: the written address without invisible characters.

    Raise ValueError.
    """
    parse_address(text)
    return visible(text)


def canonical(text: str) -> str:
    """Return the form that all spellings of one address share. Raise ValueError.

    The part before the @ is in lower case: RFC 5321 allows a difference of case there, but no mail
    service in use makes one.
    """
    address = parse_address(text)
    return f"{address.local.lower()}@{address.domain}"


def canonical_if_reachable(text: str) -> str:
    """Return the canonical form; the stored text where mail cannot reach the address."""
    try:
        return canonical(text)
    except ValueError:
        return text
