"""The topics by which services are filed."""

from typing import Final

TOPIC_IDS: Final = range(1, 19)
"""Their names are in lib/rendering/texts/topics.py."""


def is_topic(id_: float) -> bool:
    """Tell whether there is a topic of this id."""
    return id_ in TOPIC_IDS
