"""How the API answers the errors of parties and delegations."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.parties.delegation import OFFER_LIFE
from lib.domain.parties.errors import (
    DelegationTermsError,
    MissingRightError,
    NoSuchDelegationError,
    NotDelegateError,
    OfferNotFoundError,
    OwnerAloneError,
    OwnOfferError,
    RegisteredDelegationError,
    TooManyDelegationsError,
    TooManyPartiesError,
)

_NOT_ALLOWED: Final = "You are not allowed here"

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        NotDelegateError,
        403,
        _NOT_ALLOWED,
        "You may not act for this party: the delegation has ended, or there was none.",
    ),
    Row(
        OwnerAloneError,
        403,
        _NOT_ALLOWED,
        "Only the owner of the inbox may do this, and no delegate: call with a token of your own.",
    ),
    Row(
        MissingRightError,
        403,
        _NOT_ALLOWED,
        lambda error: f"The delegation does not give the right {error.right}.",
        samples=(MissingRightError("ACT"),),
    ),
    Row(
        NoSuchDelegationError,
        404,
        "Delegation not found",
        "You have no delegation with this id.",
    ),
    Row(
        OfferNotFoundError,
        404,
        "Offer not found",
        f"No offer is open under this code. An offer is open for {OFFER_LIFE.days} days, and for "
        "one person.",
        field_error("/code", "is not the code of an open offer", "WRONG_CODE"),
    ),
    Row(
        OwnOfferError,
        409,
        "Conflict",
        "The offer is your own: hand the code to the person who is to act for you.",
    ),
    Row(
        RegisteredDelegationError,
        409,
        "Conflict",
        "This delegation comes from a register, and ends there.",
    ),
    Row(
        DelegationTermsError,
        400,
        "Invalid OfferTerms",
        lambda error: f"{error.pointer.removeprefix('/')} {error.reason}",
        lambda error: field_error(error.pointer, error.reason),
        samples=(DelegationTermsError("/rights", "must have READ"),),
    ),
    Row(
        TooManyDelegationsError,
        400,
        "Too many delegations",
        lambda error: (
            f"You have {error.limit} delegations and offers: end one before you make another."
        ),
        samples=(TooManyDelegationsError(20),),
    ),
    Row(
        TooManyPartiesError,
        400,
        "Too many parties",
        lambda error: f"You act for {error.limit} parties: end one delegation before you take one.",
        samples=(TooManyPartiesError(50),),
    ),
)
