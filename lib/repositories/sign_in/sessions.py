"""Store the sessions of each citizen, one document per citizen.

Members that tell the citizen nothing, such as the challenge of a code, stand apart in the document,
so that a copy of the citizen's data leaves them out.
"""

from typing import Any, Final, NamedTuple

from lib.domain.shared.identifiers import SessionId
from lib.domain.shared.values import Masked, parse_timestamp, timestamp
from lib.domain.sign_in.session import Pending, Session
from lib.domain.sign_in.sessions import Sessions
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import SESSIONS

SESSIONS_ID: Final = "sessions"
OF_THE_APP: Final = "mechanics"
"""The member with the members that tell the citizen nothing."""


class StoredSessions(NamedTuple):
    """A citizen's sessions as read, and the ETag for a conditional write."""

    sessions: Sessions
    etag: str


class CitizensSessions:
    """Read and write sessions. Cost: one point read or one write for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> StoredSessions | None:
        """Return the citizen's sessions; None for a citizen who never logged in."""
        try:
            stored = await self._store.read(SESSIONS, fiscal_code, SESSIONS_ID)
        except NotFoundError:
            return None
        return StoredSessions(_sessions(stored.document), stored.etag)

    async def write(self, fiscal_code: str, sessions: Sessions, etag: str | None) -> None:
        """Replace the sessions with this ETag, or create them without one.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document = _document(fiscal_code, sessions)
        if etag is None:
            await self._store.create(SESSIONS, document)
        else:
            await self._store.replace(SESSIONS, document, if_match=etag)


def _document(fiscal_code: str, sessions: Sessions) -> Document:
    not_before = sessions.not_before
    return {
        "id": SESSIONS_ID,
        "fiscal_code": fiscal_code,
        "subject": sessions.subject,
        **({"not_before": timestamp(not_before)} if not_before else {}),
        "sessions": [_member(one) for one in sessions.present],
        OF_THE_APP: {one.id: _mechanics(one) for one in sessions.present},
    }


def _member(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "client_id": session.client_id,
        "device_name": session.device_name,
        "scope": list(session.scope),
        "created_at": timestamp(session.created_at),
        "last_used_at": timestamp(session.last_used_at),
        "ends_at": timestamp(session.ends_at),
        "authenticated_at": timestamp(session.authenticated_at),
        "acr": session.acr,
        "provider": session.provider,
        "name": session.name,
        "family_name": session.family_name,
        "email": session.email,
        "birth_date": session.birth_date,
    }


def _mechanics(session: Session) -> dict[str, Any]:
    pending, rotated_at = session.pending, session.rotated_at
    return {
        "hint": session.hint,
        "nonce": session.nonce,
        "generation": session.generation,
        "device": session.device,
        "exchange": session.exchange,
        **({"rotated_at": timestamp(rotated_at)} if rotated_at else {}),
        **(
            {
                "pending": {
                    "redirect_uri": pending.redirect_uri,
                    "challenge": pending.challenge,
                    "ends_at": timestamp(pending.ends_at),
                }
            }
            if pending
            else {}
        ),
    }


def _sessions(document: Document) -> Sessions:
    mechanics, not_before = document[OF_THE_APP], document.get("not_before")
    return Sessions(
        subject=document["subject"],
        present=tuple(_session(one, mechanics[one["id"]]) for one in document["sessions"]),
        not_before=parse_timestamp(not_before) if not_before else None,
    )


def _session(member: dict[str, Any], mechanics: dict[str, Any]) -> Session:
    pending, rotated_at = mechanics.get("pending"), mechanics.get("rotated_at")
    times = ("created_at", "last_used_at", "ends_at", "authenticated_at")
    return Session(
        **{name: parse_timestamp(member[name]) for name in times},
        id=SessionId(member["id"]),
        client_id=member["client_id"],
        device_name=member["device_name"],
        scope=tuple(member["scope"]),
        acr=member["acr"],
        provider=member["provider"],
        name=Masked(member["name"]),
        family_name=Masked(member["family_name"]),
        email=Masked(member["email"]),
        birth_date=Masked(member["birth_date"]),
        hint=Masked(mechanics["hint"]),
        nonce=mechanics["nonce"],
        generation=mechanics["generation"],
        rotated_at=parse_timestamp(rotated_at) if rotated_at else None,
        device=mechanics["device"],
        exchange=mechanics["exchange"],
        pending=Pending(
            pending["redirect_uri"], pending["challenge"], parse_timestamp(pending["ends_at"])
        )
        if pending
        else None,
    )
