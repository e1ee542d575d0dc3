"""Wires the use cases of access logs."""

from datetime import timedelta

from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.access_log.access_entries import AccessEntries
from lib.use_cases.access_log.list_accesses import ListAccesses
from lib.use_cases.access_log.note_access import NoteAccess
from lib.use_cases.access_log.note_many_accesses import NoteManyAccesses
from lib.use_cases.access_log.note_registered import NoteRegistered


class AccessLogUseCases:
    """The access logs that citizens read."""

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        entries = AccessEntries(ports.store, timedelta(days=settings.access_log_days))
        self.note = NoteAccess(entries)
        self.note_many = NoteManyAccesses(
            entries, repositories.many_profiles, ports.queue, ports.clock
        )
        self.note_registered = NoteRegistered(self.note, ports.clock)
        self.list = ListAccesses(entries, repositories.parties)
