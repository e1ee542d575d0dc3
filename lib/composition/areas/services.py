"""Wires the use cases of services."""

from lib.composition.repositories import Repositories
from lib.composition.secrets import key_hashes_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.services.issue_keys import IssueKeys


class ServiceUseCases:
    """The services of administrations, their subscriptions and keys."""

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        self.issue_keys = IssueKeys(
            repositories.subscriptions, key_hashes_of(settings), ports.clock
        )
