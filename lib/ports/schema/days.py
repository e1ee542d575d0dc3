"""The unit of the times to live."""

from typing import Final

DAY_SECONDS: Final = 24 * 60 * 60
