"""What may be said of a failure: types and places, never texts that may name a person."""

import traceback
from pathlib import Path
from typing import Final

_ROOT: Final = f"{Path(__file__).parents[2]}/"


def describe(error: BaseException) -> str:
    """Return the error's type and where it was raised, without its message.

    Files are named from the app's folder: the same fault reads the same wherever it happens.
    """
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(
        f"{frame.name} {frame.filename.removeprefix(_ROOT)}:{frame.lineno}"
        for frame in frames[::-1]
    )
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
