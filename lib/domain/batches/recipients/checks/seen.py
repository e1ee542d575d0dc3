"""The keys of all rows so far, to find a key that comes again."""

from array import array
from hashlib import blake2b
from typing import Final

_DIGEST: Final = 16
_FIRST_SIZE: Final = 1 << 12


class Seen:
    """A table from digests of keys to the numbers of rows, from 1, without the keys.

    Cost: at most 60 bytes a key, a third of what a dict takes: with a reference and a notice number
    for each of 200,000 rows a dict would need half of what a process may have.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make_room(_FIRST_SIZE)

    def _make_room(self, size: int) -> None:
        self._mask = size - 1
        self._digests = bytearray(size * _DIGEST)
        self._rows = array("I", bytes(4 * size))

    def earlier(self, key: str, row: int) -> int:
        """Return the row that has the key already; 0 where it is new, and is noted."""
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
        rows, digests, mask = self._rows, self._digests, self._mask
        place = int.from_bytes(digest[:4]) & mask
        while found := rows[place]:
            if digests[place * _DIGEST : (place + 1) * _DIGEST] == digest:
                return found
            place = (place + 1) & mask
        rows[place] = row
        digests[place * _DIGEST : (place + 1) * _DIGEST] = digest
        self._count += 1
        if 3 * self._count > 2 * mask:
            self._grow()
        return 0

    def _grow(self) -> None:
        before, rows_before = self._digests, self._rows
        self._make_room(2 * len(rows_before))
        rows, digests, mask = self._rows, self._digests, self._mask
        for start, row in zip(range(0, len(before), _DIGEST), rows_before, strict=True):
            if not row:
                continue
            digest = before[start : start + _DIGEST]
            place = int.from_bytes(digest[:4]) & mask
            while rows[place]:
                place = (place + 1) & mask
            rows[place] = row
            digests[place * _DIGEST : (place + 1) * _DIGEST] = digest
