"""Rules for the claims of a citizen's token: identity, assurance level, validity period.

`AuthenticateCitizen` checks the signature, the issuer and the audience before. This module reads
the claims, and checks the type of each claim, since a provider may break the standard.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from lib.domain.identity.acting import ActingClaim, DelegationId
from lib.domain.identity.age import age, youngest_birth_date
from lib.domain.identity.citizen import Citizen
from lib.domain.identity.errors import (
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    InsufficientScopeError,
    InvalidTokenError,
)
from lib.domain.shared.identifiers import (
    FISCAL_CODE_PATTERN,
    ORGANIZATION_FISCAL_CODE_PATTERN,
    FiscalCode,
)
from lib.domain.shared.values import Masked

LEEWAY: Final = timedelta(seconds=30)
PREFIX: Final = "TINIT-"
TYPES: Final = frozenset({"jwt", "at+jwt"})
"""The accepted values of the header `typ`. A token without this header is a JWT.

The set leaves out the types of logout tokens and of proofs.
"""

EMAIL_CLAIMS: Final = ("email", "https://attributes.eid.gov.it/email")
"""The claims with the address that the identity provider has of the citizen."""
_LAST_SECOND: Final = 253_402_300_799
"""The last second of the year 9999, since 1970."""
_FISCAL_CODE: Final = re.compile(FISCAL_CODE_PATTERN[1:-1])
_PARTY: Final = re.compile(f"{FISCAL_CODE_PATTERN[1:-1]}|{ORGANIZATION_FISCAL_CODE_PATTERN[1:-1]}")
ACTOR: Final = "act"
DELEGATION: Final = "delegation_id"
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class TokenRules:
    """The rules that a token must satisfy, as set in lib.composition.settings.tokens.

    Where several claims can have the same meaning, the first claim that the token has is used.
    """

    acr_values: tuple[str, ...]
    scope: str
    max_lifetime: timedelta
    minimum_age: int
    fiscal_code_claims: tuple[str, ...]
    name_claims: tuple[str, ...]
    family_name_claims: tuple[str, ...]
    birth_date_claims: tuple[str, ...]


def check_header(header: Mapping[str, Any]) -> None:
    """Raise InvalidTokenError for a token of another type or with extensions that are not known."""
    type_ = header.get("typ", "JWT")
    name = type_.lower().removeprefix("application/") if isinstance(type_, str) else ""
    if name not in TYPES or "crit" in header:
        raise InvalidTokenError("the token is of another type")


def expiry_of(claims: Mapping[str, Any], now: float, rules: TokenRules) -> float:
    """Return when the token ends, in seconds since 1970; `now` is in the same unit.

    The function does not check whether the token has ended.
    Raise InvalidTokenError where a time is not a finite number, where the token is not valid yet,
    and where its lifetime is longer than allowed.
    """
    expires = _moment(claims, "exp")
    for claim in ("nbf", "iat"):
        if claim in claims and _moment(claims, claim) > now + LEEWAY.total_seconds():
            raise InvalidTokenError("the token is not valid yet")
    begins = _moment(claims, "iat") if "iat" in claims else now
    if expires - begins > (rules.max_lifetime + LEEWAY).total_seconds():
        raise InvalidTokenError("the token lives too long")
    return expires


def citizen_of(claims: Mapping[str, Any], today: date, rules: TokenRules) -> Citizen:
    """Return the citizen whom the token names, or who acts for whom it names (RFC 8693, 4.1).

    The level of assurance and the scope are those of the login of the citizen who acts.
    Raise InvalidTokenError, AssuranceLevelTooLowError, InsufficientScopeError,
    CitizenTooYoungError.
    """
    person, acting = claims, None
    if ACTOR in claims:
        person, acting = _parted(claims, rules)
    fiscal_code = _fiscal_code(person, rules.fiscal_code_claims, _FISCAL_CODE)
    level = claims.get("acr")
    if not isinstance(level, str) or level not in rules.acr_values:
        raise AssuranceLevelTooLowError(rules.acr_values)
    if rules.scope and rules.scope not in _scopes(claims):
        raise InsufficientScopeError(rules.scope)
    born = _birth_date(person, rules)
    check_age(born, fiscal_code, today, rules.minimum_age)
    return Citizen(
        fiscal_code,
        _first(person, rules.name_claims),
        _first(person, rules.family_name_claims),
        _first(person, EMAIL_CLAIMS),
        Masked(born.isoformat() if born else ""),
        acting,
    )


def check_age(
    birth_date: date | None, fiscal_code: FiscalCode, today: date, minimum_age: int
) -> None:
    """Raise CitizenTooYoungError by the date of birth, or by the fiscal code without one.

    The code has two digits of the year: a citizen who may be 12 or 112 is taken to be 12. A minimum
    of 0 admits everybody.
    """
    if not minimum_age:
        return
    born = birth_date or youngest_birth_date(fiscal_code, today)
    if born is None or born > today:
        raise InvalidTokenError("the token has no date of birth, and the fiscal code has none")
    if age(born, today) < minimum_age:
        raise CitizenTooYoungError(minimum_age, sure=birth_date is not None)


def _parted(
    claims: Mapping[str, Any], rules: TokenRules
) -> tuple[Mapping[str, Any], ActingClaim | None]:
    """Return the claims about who acts, and for whom.

    An actor who acts for another actor is refused: no delegate passes a delegation on.
    """
    actor, id_ = claims[ACTOR], claims.get(DELEGATION)
    if not isinstance(actor, Mapping) or ACTOR in actor:
        raise InvalidTokenError(f"the token's {ACTOR} does not name one person")
    if id_ is not None and not isinstance(id_, str):
        raise InvalidTokenError(f"the token's {DELEGATION} is not a text")
    party = _fiscal_code(claims, rules.fiscal_code_claims, _PARTY)
    return actor, ActingClaim(party, None if id_ is None else DelegationId(id_))


def _birth_date(claims: Mapping[str, Any], rules: TokenRules) -> date | None:
    days = map(day_of, _texts(claims, rules.birth_date_claims))
    return next((day for day in days if day), None)


def _moment(claims: Mapping[str, Any], claim: str) -> float:
    """Return a NumericDate (RFC 7519) as a float in the range that a date can have."""
    value = claims.get(claim)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidTokenError(f"the token's {claim} is not a time")
    # compare before the conversion: an integer of 400 digits has no float, and NaN fails each range
    if not 0 <= value <= _LAST_SECOND:
        raise InvalidTokenError(f"the token's {claim} is not a time")
    return float(value)


def _fiscal_code(
    claims: Mapping[str, Any], names: tuple[str, ...], form: re.Pattern[str]
) -> FiscalCode:
    values = {
        claims[name] if isinstance(claims[name], str) else "" for name in names if name in claims
    }
    if not values:
        raise InvalidTokenError(f"the token has no {names[0]}")
    # only ASCII letters, since some other letters have an upper case that is ASCII
    codes = {
        value.upper() if isinstance(value, str) and value.isascii() else "" for value in values
    }
    (code, *others) = codes
    if others or not code.startswith(PREFIX) or not form.fullmatch(code[len(PREFIX) :]):
        raise InvalidTokenError(f"the token's {names[0]} is not {PREFIX} and a fiscal code")
    return FiscalCode(code[len(PREFIX) :])


def _scopes(claims: Mapping[str, Any]) -> set[str]:
    """Return the scopes of the claims `scope` (RFC 9068) and `scp`, each a text or a list."""
    found: set[str] = set()
    for name in ("scope", "scp"):
        value = claims.get(name)
        if isinstance(value, str):
            found.update(value.split(" "))
        elif isinstance(value, list):
            found.update(scope for scope in value if isinstance(scope, str))
    return found


def _texts(claims: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    return (claims[name] for name in names if isinstance(claims.get(name), str))


def _first(claims: Mapping[str, Any], names: Iterable[str]) -> Masked:
    return Masked(next(_texts(claims, names), ""))


def day_of(text: str) -> date | None:
    """Return a complete date; None for a year alone, which OpenID Connect allows."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
