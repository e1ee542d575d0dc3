"""The two keys of a subscription: shown once, and stored as a hash with the last characters.

With two keys, a sender can replace one key while its systems use the other key.
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
    """A key in its stored form: keyed hash, last characters, and the time of its making (UTC)."""

    hash: str
    tail: str
    created_at: str

    @property
    def masked(self) -> str:
        """Return the masked key for later answers: stars and the last characters."""
        return f"{_MASK}{self.tail}"


def new_key() -> str:
    """Return a new random key of 256 bits."""
    return secrets.token_urlsafe(KEY_BYTES)


def tail_of(key: str) -> str:
    """Return the characters by which a person recognises the key."""
    return key[-TAIL_LENGTH:]
