"""The cases of the endpoints of citizens, of operators and of everybody."""

from collections.abc import Mapping
from typing import Any, Final

from infra.local.sandbox.seed import ORGANIZATION, SERVICE_ID
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.operations.dead_letters import dead_letter_id
from tests.builders.parties import an_offer
from tests.functions.certificates.certificate_calls import NAME
from tests.functions.devices.device_calls import a_subscription
from tests.functions.identity.rights.callers import (
    CITIZEN_TOKEN,
    DELEGATE,
    OF_ORGANIZATION,
    OF_SERVICE,
)
from tests.functions.identity.rights.cases import OWN, Case, of_citizen, operated, public
from tests.functions.identity.rights.world import (
    DEVICE,
    POISONED,
    STRANGER_ORGANIZATION,
    TRIAL_ORGANIZATION,
)

_MESSAGE: Final = {"id": "<message>"}
_FILE: Final = {"id": "<attached_file>"}
_ASKING: Final = {"id": "<asking>"}
_REVIEWED: Final = {"service_id": "<reviewed>"}
_PREFERENCES: Final = {
    "is_inbox_enabled": True,
    "is_email_enabled": False,
    "is_webhook_enabled": False,
    "settings_version": 0,
}
_DEAD: Final = {
    "queue": MESSAGE_SUBMITTED,
    "id": dead_letter_id(MESSAGE_SUBMITTED, POISONED),
}


def _inbox(others: int = 404, **case: Any) -> tuple[Case, ...]:
    holders = case.pop("holders", (CITIZEN_TOKEN, DELEGATE))
    return of_citizen(others, owner=OF_SERVICE, holders=holders, **case)


def _archived(others: int = 404, **case: Any) -> tuple[Case, ...]:
    return of_citizen(others, owner=OF_SERVICE, **case)


_PROFILE: Final = of_citizen(OWN)
_CHANGED_PROFILE: Final = of_citizen(OWN, body={"version": 0, "is_inbox_enabled": True})
_CHOICE: Final = of_citizen(OWN, path={"service_id": SERVICE_ID})
_CHANGED_CHOICE: Final = of_citizen(OWN, path={"service_id": SERVICE_ID}, body=_PREFERENCES)
_VALIDATION: Final = of_citizen(400)
_DEVICE: Final = of_citizen(
    OWN, path={"installation_id": DEVICE}, body={"platform": "fcmv1", "pushChannel": "another"}
)
_BROWSER: Final = of_citizen(OWN, path={"installation_id": DEVICE}, body=a_subscription("another"))
_GONE_DEVICE: Final = of_citizen(OWN, path={"installation_id": DEVICE})
_SEND: Final = of_citizen(OWN)
_SWITCHED_SEND: Final = of_citizen(OWN, body={"activation_status": True})
_ASKED_DATA: Final = of_citizen(OWN, body={"choice": "DOWNLOAD"})
_NO_ERASURE: Final = of_citizen(404, path={"choice": "DELETE"})
_DATA_REQUEST: Final = of_citizen(404, path={"choice": "DOWNLOAD"})
_CATALOG: Final = of_citizen(OWN)
_INSTITUTION: Final = of_citizen(OWN, path={"institution_id": ORGANIZATION})
_IN_CATALOG: Final = of_citizen(OWN, path={"service_id": SERVICE_ID})
_LINK: Final = public(404, path={"token": "nonsense"})
_TICKET: Final = public(
    404,
    path={"token": "nonsense"},
    body={},
    headers={"content-type": "application/x-www-form-urlencoded"},
)
_OWN_PAGE: Final = {"recapito-csrf": "1"}

ROWS: Final[Mapping[str, tuple[Case, ...]]] = {
    "list_inbox": _inbox(OWN, query={"enrich_result_data": "true"}, shows=("message",)),
    "read_message": _inbox(path=_MESSAGE, shows=("message",)),
    "change_message_status": _inbox(
        path=_MESSAGE, body={"change_type": "archiving", "is_archived": True}
    ),
    "list_inbox_v1": _inbox(OWN, query={"enrich_result_data": "true"}, shows=("message",)),
    "read_message_v1": _inbox(path=_MESSAGE, shows=("message",)),
    "change_message_status_v1": _inbox(
        path=_MESSAGE, body={"change_type": "archiving", "is_archived": True}
    ),
    "read_payment_info_v1": _inbox(path={"rptId": "<rpt_id>"}),
    "read_send_activation": _SEND,
    "read_send_activation_v1": _SEND,
    "change_send_activation": _SWITCHED_SEND,
    "change_send_activation_v1": _SWITCHED_SEND,
    "count_inbox": _inbox(OWN),
    "list_inbox_changes": _inbox(OWN, shows=("message",)),
    "list_own_notifications": _inbox(OWN, holders=(CITIZEN_TOKEN,)),
    "list_accesses": of_citizen(OWN),
    "list_own_delegations": of_citizen(OWN, shows=("delegation",)),
    "offer_delegation": of_citizen(OWN, body=an_offer()),
    "end_delegation": of_citizen(404, path={"id": "<delegation>"}),
    # the time of a register's answer is the caller's own
    "list_parties": of_citizen(OWN, shared=("parties",)),
    "take_offer": of_citizen(404, holders=(), body={"code": "no code of an offer"}),
    "leave_party": of_citizen(404, holders=(), path={"id": "<delegation>"}),
    "change_many_messages": _inbox(
        OWN,
        body={
            "change": {"change_type": "archiving", "is_archived": True},
            "filter": {"unread": True},
        },
    ),
    "search_inbox": _inbox(OWN, body={"filter": {"q": "rifiuti"}}, shows=("message",)),
    "ask_translation": _inbox(path=_MESSAGE, body={"language": "en_GB"}),
    "read_reminders": _inbox(path=_ASKING),
    "change_reminders": _inbox(path=_ASKING, body={"change_type": "done"}),
    "read_payment_qr_svg": _inbox(path=_ASKING),
    "read_payment_qr_png": _inbox(path=_ASKING),
    "read_payment_notice": _inbox(path=_ASKING),
    "read_payment_receipt": _inbox(path={"id": "<paid>"}),
    "read_calendar_entry": _inbox(path=_ASKING),
    "list_offered_certificates": of_citizen(OWN, path={"service_id": SERVICE_ID}),
    "request_certificate": _archived(
        OWN, body={"service_id": SERVICE_ID, "certificate": NAME, "values": {"motivo": "<use>"}}
    ),
    "list_own_certificate_requests": _archived(OWN, shows=("request", "use")),
    "withdraw_certificate_request": _archived(path={"id": "<request>"}),
    "download_attachment": _inbox(path={"id": "<message_with_file>", "attachment_id": _FILE["id"]}),
    "keep_document": _archived(path=_FILE, body={"message_id": "<message_with_file>"}),
    "list_documents": _archived(OWN, shows=("attached_file",)),
    "download_document": _archived(path=_FILE),
    "remove_document": _archived(path=_FILE),
    **{
        f"{name}{ending}": _inbox(path={"id": "<remote>", **path}, shows=shows)
        for ending in ("", "_v1")
        for name, path, shows in (
            ("read_remote_message", {}, ("remote",)),
            ("read_remote_precondition", {}, ()),
            ("read_remote_attachment", {"attachment_url": "allegati/1.pdf"}, ()),
        )
    },
    "read_profile": _PROFILE,
    "read_profile_v1": _PROFILE,
    "update_profile": _CHANGED_PROFILE,
    "update_profile_v1": _CHANGED_PROFILE,
    "read_service_preference": _CHOICE,
    "read_service_preference_v1": _CHOICE,
    "change_service_preference": _CHANGED_CHOICE,
    "change_service_preference_v1": _CHANGED_CHOICE,
    "request_email_validation": _VALIDATION,
    "request_email_validation_v1": _VALIDATION,
    "request_user_data": _ASKED_DATA,
    "request_user_data_v1": _ASKED_DATA,
    "read_user_data_request": _DATA_REQUEST,
    "read_user_data_request_v1": _DATA_REQUEST,
    "abort_user_data_request": _NO_ERASURE,
    "abort_user_data_request_v1": _NO_ERASURE,
    "download_user_data": of_citizen(404),
    "list_sessions": of_citizen(OWN, shows=("session",)),
    "end_own_session": of_citizen(404, path={"session_id": "<session>"}),
    "end_own_sessions": of_citizen(OWN),
    # tokens of another issuer have no session
    "read_session": (Case("the citizen", (), 404),),
    "read_own_session": (Case("the citizen", (), 404),),
    "log_out": (Case("the citizen", (), 404),),
    "begin_login": public(400),
    "finish_login": public(400, query={"state": "x", "code": "x"}),
    "exchange_token": public(415, body={}),
    "revoke_token": public(415, body={}),
    "end_session": public(400, query={"id_token_hint": "x"}),
    "show_logged_out": public(),
    "read_authorization_server": public(),
    "read_openid_provider": public(),
    "list_signing_keys": public(),
    "list_login_providers": public(),
    "hold_key": public(401, body={"key": "x"}, headers=_OWN_PAGE),
    "list_held_keys": public(),
    "forget_key": public(path={"subscription_id": SERVICE_ID}, headers=_OWN_PAGE),
    "forget_keys": public(headers=_OWN_PAGE),
    "register_installation": _DEVICE,
    "register_installation_v1": _DEVICE,
    "subscribe_browser": _BROWSER,
    "read_push_key": public(),
    "list_installations": of_citizen(OWN),
    "remove_installation": _GONE_DEVICE,
    "remove_installation_v1": _GONE_DEVICE,
    "read_payment_info": _inbox(path={"rptId": "<rpt_id>"}),
    "download_service_logo": public(404, path={"file": "unknown.png"}),
    "download_organization_logo": public(404, path={"file": "1.png"}),
    **{
        f"{name}{ending}": cases
        for ending in ("", "_v2")
        for name, cases in {
            "find_institutions": _CATALOG,
            "find_featured_institutions": _CATALOG,
            "find_institution_services": _INSTITUTION,
            "find_featured_services": _CATALOG,
            "read_catalog_service": _IN_CATALOG,
        }.items()
    },
    "read_featured": operated(),
    "change_featured": operated(body={"institutions": [ORGANIZATION], "services": [SERVICE_ID]}),
    "show_unsubscribe": _LINK,
    "do_unsubscribe": _LINK,
    "take_translation": _TICKET,
    "show_validate_email": _LINK,
    "do_validate_email": _LINK,
    "apply_organization": public(body={"fiscal_code": BODIES[0].fiscal_code}),
    "confirm_organization": public(404, body={"code": "0" * 59}),
    "read_status": public(),
    "read_openapi": public(),
    "read_info": public(),
    "ping": public(),
    "ping_v1": public(),
    "list_relying_party_keys": public(404),
    "read_entity_configuration": public(404),
    "read_backend_status": public(),
    "count_dead_letters": operated(),
    "list_dead_letters": operated(path={"queue": MESSAGE_SUBMITTED}, shows=("letter",)),
    "read_dead_letter": operated(path=_DEAD, shows=("letter",)),
    "replay_dead_letter": operated(path=_DEAD, body={}),
    "replay_dead_letters": operated(
        path={"queue": MESSAGE_SUBMITTED}, body={"reason": "The store is back."}
    ),
    "read_queues": operated(),
    "list_operator_actions": operated(),
    "list_doubtful_claims": operated(query={"status": "UNCONFIRMED"}),
    "list_service_reviews": operated(owner=OF_ORGANIZATION, shows=("reviewed",)),
    "approve_service": operated(owner=OF_ORGANIZATION, path=_REVIEWED, body={}),
    "reject_service": operated(owner=OF_ORGANIZATION, path=_REVIEWED, body={"reason": "No."}),
    "read_service_rights": operated(path={"service_id": SERVICE_ID}),
    "change_service_rights": operated(
        path={"service_id": SERVICE_ID},
        body={"category": "SPECIAL", "reads_subscriptions_feed": False},
    ),
    "list_organizations": operated(),
    "invite_organization": operated(
        body={"fiscal_code": "00000000067", "name": "Software", "email": "pec@software.example.org"}
    ),
    "approve_organization": operated(path={"fiscal_code": TRIAL_ORGANIZATION}),
    "suspend_organization": operated(
        path={"fiscal_code": STRANGER_ORGANIZATION}, body={"reason": "The key was found."}
    ),
    "replace_key_of_organization": operated(
        path={"fiscal_code": STRANGER_ORGANIZATION, "key_type": "primary"}
    ),
}
