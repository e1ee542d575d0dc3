"""The state of a sending, in a file beside its list, so that a later command goes on with it."""

import contextlib
import hashlib
import json
import os
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from recapito.cli.exits import UsageError


@dataclass(frozen=True, slots=True)
class State:
    """A sending. `list` and `letter`: digests. `key`: the Idempotency-Key of its batch.

    It is stored before the batch is made, so that a command that was stopped in between, or one
    that runs at the same time, makes no second batch.
    """

    base_url: str
    list: str
    letter: str
    key: str
    batch: str | None = None

    def same_as(self, other: "State") -> bool:
        """Tell whether both are of the same list and letter, at the same address."""
        return (self.base_url, self.list, self.letter) == (other.base_url, other.list, other.letter)


def path_of(recipients: Path) -> Path:
    """Return the path of the state of a list."""
    return recipients.with_name(f"{recipients.name}.recapito.json")


def new_state(base_url: str, recipients: Path, letter: str) -> State:
    """Return the state of a sending that has no batch yet."""
    return State(base_url, digest_of(recipients), letter, str(uuid.uuid4()))


def digest_of(path: Path) -> str:
    """Return the digest of a file, which is read in parts."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_text(text: str) -> str:
    """Return the digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(recipients: Path) -> State | None:
    """Return the state of a list; None without one. Raise UsageError."""
    path = path_of(recipients)
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise UsageError("bad_state", path=path) from None


def begin(recipients: Path, state: State) -> State:
    """Store the state of a list that has none; return the one that another command stored."""
    part = _written(recipients, state)
    try:
        os.link(part, path_of(recipients))
    except FileExistsError:
        return read(recipients) or state
    except OSError:
        # a file system without hard links
        write(recipients, state)
    finally:
        part.unlink(missing_ok=True)
    return state


def write(recipients: Path, state: State) -> None:
    """Replace the state of a list."""
    _written(recipients, state).replace(path_of(recipients))


def forget(recipients: Path) -> None:
    """Remove the state of a list."""
    with contextlib.suppress(FileNotFoundError):
        path_of(recipients).unlink()


def with_batch(recipients: Path, state: State, batch: str) -> State:
    """Store and return the state with its batch."""
    known = replace(state, batch=batch)
    write(recipients, known)
    return known


def _written(recipients: Path, state: State) -> Path:
    path = path_of(recipients)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    with open(
        part, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)
    ) as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    return part
