"""A logo for papers and e-mails, made from the one that an organisation uploaded."""

from io import BytesIO
from typing import Final

WIDTH: Final = 320
HEIGHT: Final = 128
"""The largest size in pixels: sharp at half this size on a screen, and 26 mm wide on paper."""
_EDGE: Final = 8


def prepared_logo(png: bytes) -> bytes | None:
    """Return a logo as a small PNG on white, whatever the ground that a reader shows it on.

    A transparent logo would vanish where a mail program makes the ground dark. None for bytes that
    are no image: a paper without a logo is better than none.
    Cost: some 10 ms for a large one, so call it in a thread.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(png), formats=("PNG",)) as opened:
            image = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError):  # Pillow raises each of them
        return None
    image.thumbnail((WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE))
    ground = Image.new("RGBA", (image.width + 2 * _EDGE, image.height + 2 * _EDGE), "white")
    ground.alpha_composite(image, (_EDGE, _EDGE))
    small = BytesIO()
    ground.convert("RGB").save(small, "PNG", optimize=True)
    return small.getvalue()
