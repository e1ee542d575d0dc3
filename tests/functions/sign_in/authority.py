"""What restricted callers get of logins and sessions."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens

_NOWHERE: Final = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
ROWS: Final[Mapping[str, Row]] = {
    # what they send is the right to it: a code with its verifier, a token
    "exchange_token": Row({}),
    "revoke_token": Row({}),
    "end_own_session": Row(citizens(404), path={"session_id": _NOWHERE}),
    "end_own_sessions": Row(citizens()),
    # a key is the right to itself, and a page forgets what its own browser has
    "hold_key": Row({}),
    "forget_key": Row({"another purpose": 403, "another secret": 403}),
    "forget_keys": Row({}),
    # a token of another issuer has no session here
    "log_out": Row(citizens(404)),
}
