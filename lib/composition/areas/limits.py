"""Wires the use cases of limits."""

from lib.composition.repositories import Repositories
from lib.use_cases.limits.count_calls import CountCalls


class LimitUseCases:
    """The limits of senders."""

    def __init__(self, repositories: Repositories) -> None:
        self.count_calls = CountCalls(repositories.call_counts)
