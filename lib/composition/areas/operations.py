"""Wires the use cases of operations."""

from lib.composition.areas.messages import MessageUseCases
from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.ports.queueing.names import EVERY_QUEUE
from lib.use_cases.operations.check_health import CheckHealth
from lib.use_cases.operations.keep_dead_letter import KeepDeadLetter
from lib.use_cases.operations.list_doubtful_claims import ListDoubtfulClaims
from lib.use_cases.operations.read_backlog import ReadBacklog
from lib.use_cases.operations.replay_dead_letter import ReplayDeadLetter
from lib.use_cases.operations.sweep_messages import SweepMessages


class OperationUseCases:
    """The tools of operators: dead letters, backlogs, doubtful claims, lost messages."""

    def __init__(
        self, ports: Ports, repositories: Repositories, messages_of: MessageUseCases
    ) -> None:
        queue, clock = ports.queue, ports.clock
        letters, messages = repositories.dead_letters, repositories.messages
        self.check_health = CheckHealth(repositories.store_health, queue, clock)
        self.keep_dead_letter = KeepDeadLetter(
            letters, messages, repositories.payments, clock, messages_of.note_sent
        )
        self.read_backlog = ReadBacklog(queue, clock, EVERY_QUEUE)
        self.replay_dead_letter = ReplayDeadLetter(
            letters, messages, queue, clock, messages_of.note_sent
        )
        self.sweep_messages = SweepMessages(repositories.message_sweeps, queue, clock)
        self.list_doubtful_claims = ListDoubtfulClaims(
            repositories.sweeps, repositories.doubtful_claims, clock
        )
