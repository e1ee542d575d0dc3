"""Endpoints of documents to download: a payment's QR code, notice and receipt, a calendar entry."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from functions.http.citizen.messages import BASE
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, File
from functions.http.contract.policies import Citizens
from lib.domain.documents.errors import (
    NoDueDateError,
    NoPaymentError,
    NothingToPayError,
    NotPaidError,
    WithdrawnError,
)
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.parties.admission import READS_MESSAGE
from lib.domain.profiles.choices import Language
from lib.domain.shared.described import says
from lib.domain.shared.errors import DomainError
from lib.domain.shared.identifiers import (
    AnyMessageIdField,
    MessageId,
    NoticeNumber,
    NoticeNumberField,
)
from lib.domain.shared.model import Model
from lib.rendering.documents.downloads import (
    CALENDAR_FILE,
    NOTICE_PDF,
    QR_PNG,
    QR_SVG,
    RECEIPT_PDF,
    Download,
)


class LanguageQuery(Model):
    """The choice of a language."""

    language: Annotated[
        Language | None,
        says("The language to write in. Absent: the first of the citizen's own languages."),
    ] = None


class PaymentQuery(Model):
    """The choice of one payment of the message; each instalment has its own notice number."""

    notice_number: Annotated[
        NoticeNumberField | None,
        says(
            "The notice number of an instalment that the message lists. Absent: the "
            "payment that the message itself asks for."
        ),
    ] = None


class PaperQuery(PaymentQuery, LanguageQuery):
    """The choice of one payment, and of the language beside Italian."""


class NoticeQuery(PaperQuery):
    """The choice of one payment and of the second language, and whether to name the citizen."""

    with_payer: Annotated[
        bool,
        says(
            "Whether to print the citizen's fiscal code on the notice. The payment does not need "
            "it: anyone who has the notice can pay it."
        ),
    ] = False


type PaperCall = Call[Access, None, PaperQuery]
type NoticeCall = Call[Access, None, NoticeQuery]
type PaymentCall = Call[Access, None, PaymentQuery]


async def _file[F](download: Download[F], facts: F) -> Answer:
    """Answer with the document. A thread draws it, so that other calls do not wait."""
    content = await asyncio.to_thread(download.draw, facts)
    return Answer(200, File(content, download.media_type, download.name(facts)))


def _arguments(
    call: PaymentCall | PaperCall | NoticeCall,
) -> tuple[Access, MessageId, NoticeNumber | None]:
    return call.caller, MessageId(call.path["id"]), call.query.notice_number


async def _qr_svg(call: PaymentCall) -> Answer:
    notice = await call.app.documents.read_payment_notice.to_pay(*_arguments(call))
    return await _file(QR_SVG, notice)


async def _qr_png(call: PaymentCall) -> Answer:
    notice = await call.app.documents.read_payment_notice.to_pay(*_arguments(call))
    return await _file(QR_PNG, notice)


async def _notice(call: NoticeCall) -> Answer:
    documents = call.app.documents
    read, with_payer = documents.read_payment_notice.to_print, call.query.with_payer
    notice = await read(*_arguments(call), with_payer=with_payer)
    asked, offered = call.query.language, notice.languages
    languages = await documents.choose_languages(call.caller, asked, offered)
    return await _file(NOTICE_PDF, replace(notice, languages=languages))


async def _receipt(call: PaperCall) -> Answer:
    documents = call.app.documents
    receipt = await documents.read_payment_receipt(*_arguments(call))
    asked, offered = call.query.language, receipt.languages
    languages = await documents.choose_languages(call.caller, asked, offered)
    return await _file(RECEIPT_PDF, replace(receipt, languages=languages))


async def _calendar(call: Call[Access, None, LanguageQuery]) -> Answer:
    documents = call.app.documents
    entry = await documents.read_calendar_entry(call.caller, MessageId(call.path["id"]))
    language = await documents.choose_languages.of_citizen(call.caller, call.query.language)
    return await _file(CALENDAR_FILE, replace(entry, language=language))


def _endpoint(
    name: str,
    *,
    path: str,
    summary: str,
    handler: Any,
    media_type: str,
    missing: tuple[type[DomainError], ...],
    description: str = "",
    query: type[PaymentQuery | LanguageQuery] = PaymentQuery,
) -> Endpoint[Access, None, Any]:
    return Endpoint(
        name=name,
        is_ours=True,
        method="GET",
        path=f"{BASE}/{{id}}/{path}",
        summary=summary,
        description=description,
        tag="citizen",
        policy=Citizens(READS_MESSAGE),
        parameters={"id": AnyMessageIdField},
        query=query,
        handler=handler,
        answers={200: media_type},
        refusals=(MessageNotFoundError, *missing),
    )


_CODE_DESCRIPTION = (
    "While there is something to pay. Otherwise the answer is 409 with the payment's status."
)

read_payment_qr_svg = _endpoint(
    "read_payment_qr_svg",
    path="payment/qr.svg",
    summary="Download the payment's QR code as an SVG image",
    handler=_qr_svg,
    media_type=QR_SVG.media_type,
    missing=(WithdrawnError, NoPaymentError, NothingToPayError),
    description=_CODE_DESCRIPTION,
)

read_payment_qr_png = _endpoint(
    "read_payment_qr_png",
    path="payment/qr.png",
    summary="Download the payment's QR code as a PNG image",
    handler=_qr_png,
    media_type=QR_PNG.media_type,
    missing=(WithdrawnError, NoPaymentError, NothingToPayError),
    description=_CODE_DESCRIPTION,
)

read_payment_notice = _endpoint(
    "read_payment_notice",
    path="payment/notice.pdf",
    summary="Download the payment notice as a PDF",
    handler=_notice,
    media_type=NOTICE_PDF.media_type,
    missing=(WithdrawnError, NoPaymentError),
    query=NoticeQuery,
    description=(
        "In the layout of pagoPA's notices on paper (A4), in Italian, and in the citizen's "
        "language beside it: how much and by when, where to pay, and for the sum and for each "
        "instalment that the message lists a section with a notice number and a QR code of its "
        "own. A section with nothing to pay has the reason in place of the code. Screen readers "
        "can read the file (PDF/UA). It names the citizen only with `with_payer`."
    ),
)

read_payment_receipt = _endpoint(
    "read_payment_receipt",
    path="payment/receipt.pdf",
    summary="Download a confirmation of the payment as a PDF",
    handler=_receipt,
    media_type=RECEIPT_PDF.media_type,
    missing=(NoPaymentError, NotPaidError),
    query=PaperQuery,
    description=(
        "One A4 page in Italian, and in the citizen's language beside it. It confirms the payment "
        "as pagoPA reported it. It is not the receipt of the payment service provider. It names "
        "neither the citizen nor the payer. Screen readers can read the file (PDF/UA)."
    ),
)

read_calendar_entry = _endpoint(
    "read_calendar_entry",
    path="calendar.ics",
    summary="Download the due date as a calendar entry",
    handler=_calendar,
    media_type=CALENDAR_FILE.media_type,
    missing=(WithdrawnError, NoDueDateError),
    description=(
        "The entry has an alarm at nine in the morning (Europe/Rome) of the day before. After the "
        "message was amended, paid, cancelled or made payable again, the file has a newer version "
        "of the same entry. Once there is nothing to pay, the entry is cancelled, without an alarm."
    ),
    query=LanguageQuery,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_payment_qr_svg,
    read_payment_qr_png,
    read_payment_notice,
    read_payment_receipt,
    read_calendar_entry,
)
