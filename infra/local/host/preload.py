"""Load the app's late imports before the host says that it is ready.

In Azure late imports make a cold start short. Here they would make the first request slow. A late
import while no file descriptor is free would fail, and so would each later one.
"""

import importlib
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from lib.domain.reminders.working_days import is_working_day
from lib.domain.shared.model import Model
from lib.rendering.documents import pdf_text
from lib.rendering.templates import load_templates
from lib.rendering.texts.languages import phrases_of, written_languages

LATE: Final = (
    "PIL",
    "PIL.PngImagePlugin",
    "_strptime",
    "cryptography.fernet",
    "cryptography.hazmat.backends.openssl.backend",
    "cryptography.hazmat.primitives.ciphers.aead",
    "css_inline",
    "email_validator",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.cp850",
    "encodings.idna",
    "encodings.iso8859_1",
    "encodings.iso8859_15",
    "encodings.latin_1",
    "encodings.mac_roman",
    "encodings.punycode",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "encodings.utf_32",
    "encodings.utf_8_sig",
    "functions.declared",
    "functions.http.callers.operators_log",
    "functions.http.openapi.document",
    "holidays",
    "jinja2",
    "lib.adapters.embedded.registers.scripted_digital_domiciles",
    "lib.adapters.embedded.scripted_payment_node",
    "lib.adapters.embedded.registers.scripted_public_bodies",
    "lib.adapters.embedded.registers.scripted_representatives",
    "lib.adapters.embedded.registers.scripted_residents",
    "lib.adapters.embedded.scripted_scanner",
    "lib.adapters.outbound.clamd",
    "lib.adapters.embedded.translation.scripted_translator",
    "lib.adapters.outbound.translation.etranslation",
    "lib.adapters.outbound.guarded_http",
    "lib.adapters.outbound.key_sets",
    "lib.adapters.outbound.notification_hub",
    "lib.adapters.outbound.payment_node",
    "lib.adapters.outbound.registers.digital_domiciles",
    "lib.adapters.outbound.registers.pdnd_client",
    "lib.adapters.outbound.registers.public_bodies",
    "lib.adapters.outbound.registers.residents",
    "lib.adapters.outbound.reminder_conditions",
    "lib.adapters.outbound.remote_content",
    "lib.adapters.outbound.sign_in.exchange",
    "lib.adapters.outbound.sign_in.openid_provider",
    "lib.adapters.outbound.sign_in.own_keys",
    "lib.adapters.outbound.sign_in.published",
    "lib.adapters.outbound.smtp_mailer",
    "lib.composition.areas.access_log",
    "lib.composition.areas.attachments",
    "lib.composition.areas.batches",
    "lib.composition.areas.certificates",
    "lib.composition.areas.devices",
    "lib.composition.areas.documents",
    "lib.composition.areas.identity",
    "lib.composition.areas.inbox",
    "lib.composition.areas.limits",
    "lib.composition.areas.messages",
    "lib.composition.areas.notifications",
    "lib.composition.areas.operations",
    "lib.composition.areas.organizations",
    "lib.composition.areas.parties",
    "lib.composition.areas.payment_notices",
    "lib.composition.areas.payments",
    "lib.composition.areas.personal_data",
    "lib.composition.areas.profiles",
    "lib.composition.areas.reminders",
    "lib.composition.areas.remote_content",
    "lib.composition.areas.scheduling",
    "lib.composition.areas.services",
    "lib.composition.areas.sign_in",
    "lib.composition.areas.statistics",
    "lib.composition.repositories",
    "lib.composition.secrets",
    "lib.rendering.documents.calendar_file",
    "lib.rendering.documents.notice_pdf",
    "lib.rendering.documents.payment_qr",
    "lib.rendering.documents.receipt_pdf",
    "lib.repositories.operations.operator_actions",
    "lib.repositories.parties.parties",
    "lib.repositories.payments.payments",
    "lib.repositories.personal_data.erasures",
    "lib.repositories.services.catalog.catalog",
    "lib.use_cases.identity.authenticate_citizen",
    "lib.use_cases.identity.publish_relying_party",
    "lib.use_cases.identity.vouchers.authenticate_voucher",
    "lib.use_cases.identity.vouchers.check_request",
    "lib.use_cases.identity.vouchers.keep_evidence",
    "lib.use_cases.notifications.delegates.tell_delegate",
    "lib.use_cases.operations.log_operators",
    "lib.use_cases.organizations.count_trial",
    "lib.use_cases.organizations.log_delegated",
    "lib.use_cases.shared.logos",
    "lib.use_cases.sign_in.act_for_party",
    "lib.use_cases.sign_in.exchange_tokens",
    "lib.use_cases.sign_in.hold_keys",
    "lib.use_cases.sign_in.issue_tokens",
    "lib.use_cases.sign_in.log_out",
    "lib.use_cases.sign_in.logins.begin_login",
    "lib.use_cases.sign_in.logins.begin_session",
    "lib.use_cases.sign_in.logins.finish_login",
)
"""The modules that lib/ and functions/ import late, on each stack. A test compares them."""

OF_REQUESTS: Final = frozenset(
    {
        "functions.declared",
        "functions.http.openapi.document",
        "lib.adapters.outbound.key_sets",
        "lib.adapters.outbound.sign_in.exchange",
        "lib.adapters.outbound.sign_in.openid_provider",
        "lib.adapters.outbound.sign_in.own_keys",
        "lib.adapters.outbound.sign_in.published",
        "lib.composition.areas.sign_in",
        "lib.rendering.documents.calendar_file",
        "lib.rendering.documents.notice_pdf",
        "lib.rendering.documents.payment_qr",
        "lib.rendering.documents.receipt_pdf",
        "lib.use_cases.identity.authenticate_citizen",
        "lib.use_cases.identity.publish_relying_party",
        "lib.use_cases.identity.vouchers.check_request",
        "lib.use_cases.identity.vouchers.keep_evidence",
        "lib.use_cases.sign_in.act_for_party",
        "lib.use_cases.sign_in.exchange_tokens",
        "lib.use_cases.sign_in.hold_keys",
        "lib.use_cases.sign_in.issue_tokens",
        "lib.use_cases.sign_in.log_out",
        "lib.use_cases.sign_in.logins.begin_login",
        "lib.use_cases.sign_in.logins.begin_session",
        "lib.use_cases.sign_in.logins.finish_login",
    }
)
"""The late modules that no queue function and no timer uses."""

OF_BACKGROUND: Final = (
    "functions.consumers",
    "functions.timers.operations",
    "functions.timers.scheduling",
    "functions.timers.services",
)
"""The modules of the functions that a background process runs, in place of functions.declared."""

LATE_OF_STACK: Final[dict[str, tuple[str, ...]]] = {
    "azure": (
        "lib.adapters.azure.clients",
        "lib.adapters.azure.cosmos_store",
        "lib.adapters.azure.storage_blobs",
        "lib.adapters.azure.storage_queue",
    ),
    "embedded": (
        "lib.adapters.embedded.files",
        "lib.adapters.embedded.sqlite.queue",
        "lib.adapters.embedded.sqlite.store",
        "lib.ports.schema.containers",
    ),
}

ZONES: Final = ("Europe/Rome", "UTC")
_A_MONDAY: Final = date(2026, 11, 30)


def preload(stack: str, *, in_background: bool) -> None:
    """Import the late modules, and use each one that loads more at its first use.

    A background process, which answers no requests, leaves out what only those use: 20 MB.
    """
    names = [name for name in LATE if not in_background or name not in OF_REQUESTS]
    for name in (*names, *LATE_OF_STACK[stack], *(OF_BACKGROUND if in_background else ())):
        importlib.import_module(name)
    _build_models(Model)
    is_working_day(_A_MONDAY)
    load_templates()
    for language in written_languages():
        phrases_of(language)
    for face in () if in_background else (pdf_text.REGULAR, pdf_text.BOLD):
        pdf_text.glyphs(face)
    for zone in ZONES:
        ZoneInfo(zone)


def _build_models(base: type[Model]) -> None:
    for model in base.__subclasses__():
        model.model_rebuild()
        _build_models(model)
