"""Make the pair of keys of web push (VAPID, RFC 8292): `python -m infra.azure.web_push_keys FILE`.

FILE gets the private key, readable by its owner alone; the public key is printed.
"""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lib.domain.devices.web_push import encoded

_SCALAR_BYTES = 32


def make_keys(path: Path) -> str:
    """Write the private key into a new file, as base64url; return the public key.

    Raises: FileExistsError, since the file may have the key that is in use.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    private = encoded(key.private_numbers().private_value.to_bytes(_SCALAR_BYTES))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(private)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return encoded(point)


def main() -> int:
    """Make the keys for the file that the command line names."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the command and the file
        sys.stderr.write("usage: python -m infra.azure.web_push_keys FILE\n")
        return 2
    try:
        public = make_keys(Path(sys.argv[1]))
    except OSError as error:
        sys.stderr.write(f"{sys.argv[1]}: {error.strerror}\n")
        return 1
    sys.stdout.write(f"{public}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
