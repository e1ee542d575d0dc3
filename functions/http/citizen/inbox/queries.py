"""The query of the list of the inbox: IO's parameters, and filters of our own."""

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.parameters.values import DIGITS, Day, QueryFlag
from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.inbox.words import SearchedWords
from lib.domain.messages.message_parts import CategoryTag
from lib.domain.messages.words.about import AboutKind
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    MessageIdField,
    OrganizationFiscalCodeField,
    ServiceIdField,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL
from lib.use_cases.inbox.list_inbox import InboxSearch

MOST_CHARACTERS: Final = 200


class InboxFilters(Model):
    """The place and the filters of the list; only `archived` is IO's."""

    archived: Annotated[QueryFlag, says("Whether the archive is listed in place of the inbox.")] = (
        False
    )
    sender_service_id: Annotated[
        ServiceIdField | None, says("Only messages of this service. Absent: of any.")
    ] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCodeField | None,
        says("Only messages of this public administration. Absent: of any."),
    ] = None
    category: Annotated[
        CategoryTag | None, says("Only messages of this category. Absent: of any.")
    ] = None
    about: Annotated[
        AboutKind | None,
        says(
            "Only messages about a PERSON, COMPANY, VEHICLE or PROPERTY beside you. Absent: about "
            "any."
        ),
    ] = None
    first: Annotated[
        Day | None,
        Field(alias="from"),
        says("Only messages from this day on, in Europe/Rome. Absent: from the earliest on."),
    ] = None
    last: Annotated[
        Day | None,
        Field(alias="to"),
        says("Only messages up to this day, in Europe/Rome; it is included. Absent: up to now."),
    ] = None
    unread: Annotated[
        QueryFlag, says("True: only messages that were not read. False: read ones too.")
    ] = False
    starred: Annotated[
        QueryFlag, says("True: only messages with a star. False: those without, too.")
    ] = False
    to_pay: Annotated[
        QueryFlag,
        says("True: only messages that ask for a payment that is still open. False: any."),
    ] = False
    due_from: Annotated[
        Day | None, says("Only messages that are due on this day or later, in Europe/Rome.")
    ] = None
    due_to: Annotated[
        Day | None, says("Only messages that are due on this day or earlier, in Europe/Rome.")
    ] = None
    due_within: Annotated[
        Annotated[int, DIGITS, Field(ge=0, le=3660)] | None,
        says("Only messages that are due today or within so many days, in Europe/Rome."),
    ] = None
    binned: Annotated[
        QueryFlag,
        says("Whether the bin is listed in place of the inbox; not together with `archived`."),
    ] = False

    @property
    def search(self) -> InboxSearch:
        """The search that the query asks for. Raise ImpossibleFilterError."""
        if self.binned and self.archived:
            raise ImpossibleFilterError("#/query/binned", "must be absent with `archived`")
        return InboxSearch(
            place="BIN" if self.binned else "ARCHIVE" if self.archived else "INBOX",
            service_id=self.sender_service_id,
            organization=self.organization_fiscal_code,
            category=self.category,
            about=self.about,
            is_unread=self.unread,
            is_starred=self.starred,
            is_to_pay=self.to_pay,
            first=self.first,
            last=self.last,
            due_first=self.due_from,
            due_last=self.due_to,
            due_within=self.due_within,
        )


class SearchFilters(InboxFilters):
    """The filters of the list, and the words of a search.

    They come in a body, since an address is written into logs, and words tell of their citizen.
    """

    q: Annotated[
        str | None,
        NOT_NULL,
        StringConstraints(min_length=1, max_length=MOST_CHARACTERS),
        says(
            "Only messages that have all of these words, in title, text, names of the sender, "
            "notice number, or in what the message is about. Case and accents do not matter, and "
            "the last word may be the begin of a word. Absent: any."
        ),
    ] = None

    @property
    def search(self) -> InboxSearch:
        """The search that the filters ask for. Raise ImpossibleFilterError."""
        if self.q is None:
            return super().search
        words = SearchedWords.of(self.q)
        if words is None:
            raise ImpossibleFilterError("/filter/q", "must have a letter or a digit")
        return replace(super().search, words=words)


class ListQuery(InboxFilters):
    """The messages that are listed, and the bounds of the page, both exclusive.

    `maximum_id` = `next` gives the next, older page. The parameters are IO's, but for the filters:
    a message is listed if it satisfies all of them.
    """

    page_size: Annotated[
        int,
        DIGITS,
        Field(ge=1, le=100),
        says("How many messages a page has at most."),
    ] = 100
    enrich_result_data: Annotated[
        QueryFlag,
        says("Whether each message comes with title, sender, category, payment and due date."),
    ] = False
    maximum_id: Annotated[
        MessageIdField | None,
        says(
            "Only messages older than this one are listed; the message itself is not. "
            "Absent: from the newest on."
        ),
    ] = None
    minimum_id: Annotated[
        MessageIdField | None,
        says(
            "Only messages newer than this one are listed; the message itself is not. "
            "The page is the one next to it."
        ),
    ] = None
