"""Describe failures by type and place, without their messages, which may name a person."""

import traceback
from pathlib import Path
from typing import Final

_ROOT: Final = f"{Path(__file__).parents[2]}/"


def describe(error: BaseException) -> str:
    """Return an error's type and place, without its message.

    File names are relative to the app's folder, so that a fault has the same text on each machine.
    """
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(
        f"{frame.name} {frame.filename.removeprefix(_ROOT)}:{frame.lineno}"
        for frame in frames[::-1]
    )
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
