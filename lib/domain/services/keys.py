"""The two keys of a subscription: made here, shown once, stored as a hash and its last characters.

With two keys a sender changes one while its systems call with the other, without a pause.
"""

import secrets
from dataclasses import dataclass
from typing import Final, Literal

type KeySlot = Literal["primary", "secondary"]

SLOTS: Final[tuple[KeySlot, ...]] = ("primary", "secondary")
KEY_BYTES: Final = 32
TAIL_LENGTH: Final = 4
_MASK: Final = "*" * 28


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is stored: its keyed hash, its last characters, and when it was made (UTC)."""

    hash: str
    tail: str
    created_at: str

    @property
    def masked(self) -> str:
        """Return the key as it is shown after the first time: stars and its last characters."""
        return f"{_MASK}{self.tail}"


def new_key() -> str:
    """Return a new random key of 256 bits."""
    return secrets.token_urlsafe(KEY_BYTES)


def tail_of(key: str) -> str:
    """Return the characters by which a person recognises the key."""
    return key[-TAIL_LENGTH:]
