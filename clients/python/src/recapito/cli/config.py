"""The key and the address: from the environment, or from a file that its owner alone reads.

The key is never an option: every user of a machine sees the options of its processes.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recapito.cli.exits import UsageError

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Access:
    """The address and the key. `source`: where the key came from. `profiles`: those of the file."""

    url: str
    key: str = field(repr=False)
    source: str
    profiles: tuple[str, ...] = ()


def config_path(environment: Mapping[str, str]) -> Path:
    """Return the path of the configuration file."""
    if named := environment.get("RECAPITO_CONFIG"):
        return Path(named)
    base = environment.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "recapito" / "config.toml"


def find_access(
    environment: Mapping[str, str], *, url: str | None = None, profile: str | None = None
) -> Access:
    """Return the address and the key. Raise UsageError.

    RECAPITO_URL and RECAPITO_KEY go before the file, unless a profile of the file is named.
    """
    path = config_path(environment)
    settings = _settings(path)
    profiles: dict[str, Any] = settings.get("profiles", {})
    chosen: dict[str, Any] = settings
    source = str(path)
    if profile is not None:
        if profile not in profiles:
            raise UsageError("no_profile", profile=profile, path=path)
        chosen, source = profiles[profile], f"{path} [{profile}]"
    elif environment.get("RECAPITO_KEY"):
        chosen = {**settings, "key": environment["RECAPITO_KEY"]}
        source = "RECAPITO_KEY"
    in_environment = None if profile else environment.get("RECAPITO_URL")
    address = url or in_environment or chosen.get("url") or settings.get("url")
    if not chosen.get("key"):
        raise UsageError("no_key", path=path)
    if not address:
        raise UsageError("no_url", path=path)
    return Access(str(address), str(chosen["key"]), source, tuple(profiles))


def _settings(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                raise UsageError("open_config", path=path)
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        # the text of the error may have a part of the line, and so of a key
        raise UsageError("bad_config", path=path, error=type(error).__name__) from None
