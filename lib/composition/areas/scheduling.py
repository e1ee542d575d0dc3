"""Wires the use cases of scheduling."""

from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.scheduling.dispatch_due import DispatchDue


class SchedulingUseCases:
    """What is due and goes to its queue."""

    def __init__(self, ports: Ports, repositories: Repositories) -> None:
        self.dispatch_due = DispatchDue(repositories.schedule, ports.queue, ports.clock)
