"""Wires the use cases of the files that senders upload."""

from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachments import Attachments
from lib.use_cases.attachments.attach_files import AttachFiles
from lib.use_cases.attachments.check_attachment import CheckAttachment
from lib.use_cases.attachments.read_file import ReadFile
from lib.use_cases.attachments.upload_attachment import UploadAttachment


class AttachmentUseCases:
    """Files from their upload until a message has them."""

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        clock = ports.clock
        self.stored, self.files = Attachments(ports.store), AttachmentFiles(ports.blobs)
        self.upload = UploadAttachment(
            self.stored,
            self.files,
            repositories.idempotency_keys,
            ports.queue,
            clock,
            has_scanner=ports.scanner is not None,
        )
        self.check = CheckAttachment(self.stored, self.files, ports.scanner, clock)
        self.read = ReadFile(self.stored, self.files, most_whole=settings.remote_attachment_bytes)
        self.attach = AttachFiles(self.stored, repositories.messages, clock)
