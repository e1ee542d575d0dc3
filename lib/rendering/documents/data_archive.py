"""The archive of a citizen's personal data: a ZIP file of JSON, texts and documents."""

import json
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_README: Final = """\
I TUOI DATI / YOUR DATA

Questo archivio contiene i dati che Recapito conserva su di te: profilo, scelte per servizio,
dispositivi, notifiche, messaggi con testo e file allegati, pagamenti e documenti, e i documenti del
tuo archivio personale. Ogni file .json ha i dati come sono conservati; in "messages" c'è una
cartella per ogni messaggio, in "documents" i documenti conservati. Gli orari sono in UTC.
Non ci sono i messaggi che un ente non ha ancora inviato, né gli elenchi tenuti dagli enti. I
contenuti e gli allegati che un ente conserva nei propri sistemi si chiedono all'ente: message.json
li indica in "third_party_data".

This archive has the data that Recapito stores about you: profile, choices for services, devices,
notifications, messages with text and attached files, payments and documents, and the documents of
your personal archive. Each .json file has the data as it is stored; "messages" has a folder for
each message, "documents" the documents that you kept. Times are in UTC. It has neither messages
that an administration has not sent yet, nor the lists that administrations keep. Ask the
administration for contents and attachments that it keeps itself: message.json names them in
"third_party_data".
"""
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all files, so that the same data makes the same archive."""


class DataArchive:
    """A ZIP file that is written part by part into a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self.add_text("README.txt", _README)

    @property
    def size(self) -> int:
        """The size of the file so far, in bytes."""
        return self._file.tell()

    def add(self, name: str, content: bytes) -> None:
        """Add a file."""
        info = ZipInfo(name, _MOMENT)
        info.compress_type = ZIP_DEFLATED
        self._zip.writestr(info, content)

    def opened(self, name: str) -> IO[bytes]:
        """Return a file of the archive to write to; nothing else is added until it is closed.

        It is not compressed, since documents and images are already.
        """
        info = ZipInfo(name, _MOMENT)
        info.compress_type = ZIP_STORED
        return self._zip.open(info, "w")

    def add_text(self, name: str, text: str) -> None:
        """Add a text."""
        self.add(name, text.encode())

    def add_json(self, name: str, value: Any) -> None:
        """Add a value as JSON that people can read."""
        self.add_text(name, json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def finish(self) -> None:
        """Write the end of the file. Nothing can be added afterwards."""
        self._zip.close()
