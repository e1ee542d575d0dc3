"""Wires the use cases of scheduling."""

from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.scheduling.dispatch_due import DispatchDue


class SchedulingUseCases:
    """The entries of the schedule that are due."""

    def __init__(self, ports: Ports, repositories: Repositories) -> None:
        self.dispatch_due = DispatchDue(repositories.schedule, ports.queue, ports.clock)
