"""The private keys of the sandbox's relying party and of its provider, as JSON Web Key Sets."""

import json
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import KeySet, RSAKey

from infra.local.sandbox.signing_keys import write_whole

KEYS_FILE: Final = "relying-party-keys.json"
_BITS: Final = 2048


def relying_party_keys(data_folder: Path) -> KeySet:
    """Return the keys in the data folder; the first call makes them.

    Concurrency: processes that make the keys at the same time get the same keys.
    """
    path = data_folder / KEYS_FILE
    if not path.exists():
        made = KeySet([_made("sig"), _made("enc")]).as_dict(private=True)
        write_whole(path, json.dumps(made).encode(), 0o600, keep=True)
    return KeySet.import_key_set(json.loads(path.read_bytes()))


def provider_keys() -> list[dict[str, Any]]:
    """Return new keys of the provider, which keeps none."""
    return [dict(_made("sig").as_dict(private=True))]


def _made(use: str) -> RSAKey:
    return RSAKey.generate_key(_BITS, parameters={"use": use}, auto_kid=True)
