"""Wires the use cases of remote content."""

from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.attachments.read_file import ReadFile
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.remote_content.call_sender import CallSender
from lib.use_cases.remote_content.create_configuration import CreateConfiguration
from lib.use_cases.remote_content.find_announcement import FindAnnouncement
from lib.use_cases.remote_content.read_attachment import ReadAttachment
from lib.use_cases.remote_content.read_configurations import ReadConfigurations
from lib.use_cases.remote_content.read_precondition import ReadPrecondition
from lib.use_cases.remote_content.read_remote_message import ReadRemoteMessage
from lib.use_cases.remote_content.replace_configuration import ReplaceConfiguration
from lib.use_cases.remote_content.reseal_secrets import ResealSecrets
from lib.use_cases.remote_content.try_endpoint import TryEndpoint


class RemoteContentUseCases:
    """The configurations of organisations for content that they keep themselves."""

    def __init__(
        self, ports: Ports, settings: Settings, repositories: Repositories, read_file: ReadFile
    ) -> None:
        ownerships = repositories.remote_content_ownerships
        configurations = repositories.remote_content_configurations
        self.read = ReadConfigurations(ownerships, configurations)
        self.create = CreateConfiguration(
            ownerships, configurations, ports.clock, on_this_machine=settings.sandbox
        )
        self.replace = ReplaceConfiguration(
            self.read, self.create, configurations, on_this_machine=settings.sandbox
        )
        self.reseal_secrets = ResealSecrets(repositories.secret_sweeps)
        self.try_endpoint = TryEndpoint(
            self.read,
            configurations,
            repositories.remote_content_trials,
            ports.remote_content,
            ports.clock,
        )
        call = CallSender(ownerships, configurations, ports.remote_content)
        find = FindAnnouncement(ReadMessage(repositories.messages, ports.clock))
        self.read_precondition = ReadPrecondition(find, call)
        self.read_message = ReadRemoteMessage(
            find, repositories.contents, call, settings.send_service_id
        )
        self.read_attachment = ReadAttachment(
            find, read_file, call, most=settings.remote_attachment_bytes
        )
