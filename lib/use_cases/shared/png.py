"""Check that bytes are a PNG image that can be shown."""

import asyncio
import base64
import binascii
from io import BytesIO
from typing import Final

MAX_BYTES: Final = 380 * 1024
MAX_SIDE: Final = 2048
"""Pixels. A small file can unpack to gigabytes."""


_URL_SAFE: Final = str.maketrans("-_", "+/")
"""IO reads both alphabets, padded or not."""


class PngError(Exception):
    """The bytes are no PNG image that can be shown; the text says why."""


async def png_of(encoded: str) -> bytes:
    """Return the PNG image that a base64 text encodes, decoded once in full to check it.

    Raise PngError.
    """
    text = "".join(encoded.split()).rstrip("=").translate(_URL_SAFE)
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise PngError("it is not base64") from None
    if len(content) > MAX_BYTES:
        raise PngError(f"it may have at most {MAX_BYTES} bytes")
    await asyncio.to_thread(_check, content)
    return content


def _check(content: bytes) -> None:
    from PIL import Image  # noqa: PLC0415 - slow to load, and rarely used

    try:
        with Image.open(BytesIO(content), formats=("PNG",)) as image:
            is_small = max(image.size) <= MAX_SIDE
            if is_small:
                image.load()
        with Image.open(BytesIO(content), formats=("PNG",)) as image:
            # every chunk to the last, with its checksum
            image.verify()
    except Exception:  # noqa: BLE001 - a broken image raises errors of many kinds
        raise PngError("it is no PNG image, or a broken one") from None
    if not is_small:
        raise PngError(f"a side may have at most {MAX_SIDE} pixels")
