"""The cases of the endpoints of organisations."""

from collections.abc import Mapping
from typing import Any, Final

from infra.local.sandbox.seed import ORGANIZATION, SERVICE_ID
from tests.builders.managed_services import PNG, a_service
from tests.builders.remote_content import TEST_USER, a_configuration
from tests.builders.vouchers import CLIENT_ID
from tests.functions.identity.rights.callers import (
    INTERMEDIARY_MANAGER,
    LOG,
    MANAGER,
    OF_ORGANIZATION,
    OTHER_INTERMEDIARY_MANAGER,
    SERVICE_KEYS,
    SIBLING,
    STRANGER_MANAGER,
)
from tests.functions.identity.rights.cases import OWN, Case, managed
from tests.functions.identity.rights.world import INTERMEDIARY

_DRAFT: Final = {"service_id": "<draft>"}
_PUBLISHED: Final = {"service_id": "<published>"}
_REVIEWED: Final = {"service_id": "<reviewed>"}
_CONFIGURATION: Final = {"configurationId": "<configuration>"}
_GIVEN: Final = {"intermediary_fiscal_code": INTERMEDIARY}
_RECEIVED: Final = {"organization_fiscal_code": ORGANIZATION}
_KEYS: Final = {**_RECEIVED, "service_id": SERVICE_ID}
_SIDES: Final = (INTERMEDIARY_MANAGER, OTHER_INTERMEDIARY_MANAGER)


def _service(others: int = 403, **case: Any) -> tuple[Case, ...]:
    case.setdefault("path", _DRAFT)
    return managed(others, OF_ORGANIZATION, **case)


def _received(others: int = 404, **case: Any) -> tuple[Case, ...]:
    """Return the case of an intermediary's delegation; the other one has one of its own."""
    cells = {OTHER_INTERMEDIARY_MANAGER: OWN, **case.pop("cells", {})}
    return managed(others, LOG, (INTERMEDIARY_MANAGER,), cells=cells, **case)


ROWS: Final[Mapping[str, tuple[Case, ...]]] = {
    "create_service": _service(path={}, body=a_service(name="Un altro servizio")),
    "list_services": _service(OWN, path={}, shows=("draft",), like=STRANGER_MANAGER),
    "read_service": _service(shows=("draft",)),
    "change_service": _service(body=a_service()),
    "patch_service": _service(body={"metadata": {"group_id": "g"}}),
    "delete_service": _service(),
    "set_service_logo": _service(body={"logo": PNG}),
    "set_organization_logo": managed(
        403,
        OF_ORGANIZATION,
        (MANAGER, *SERVICE_KEYS, SIBLING),
        path=_RECEIVED,
        body={"logo": PNG},
    ),
    "read_service_history": _service(shows=("draft",)),
    "show_service_keys": _service(path=_PUBLISHED),
    "replace_service_key": _service(path={**_PUBLISHED, "key_type": "primary"}),
    "submit_service": _service(body={"auto_publish": True}),
    "comment_review": _service(path=_REVIEWED, body={"comment": "Un commento"}),
    "publish_service": _service(path=_PUBLISHED),
    "read_published_service": _service(path=_PUBLISHED),
    "unpublish_service": _service(path=_PUBLISHED),
    "read_managed_reminder_policy": _service(path=_PUBLISHED),
    "change_managed_reminder_policy": _service(path=_PUBLISHED, body={"days": [2]}),
    "read_managed_duplicate_policy": _service(path=_PUBLISHED),
    "change_managed_duplicate_policy": _service(path=_PUBLISHED, body={"policy": "HOLD"}),
    "read_second_language": _service(path=_PUBLISHED),
    "change_second_language": _service(path=_PUBLISHED, body={"second_language": "de_DE"}),
    "list_voucher_clients": _service(path=_PUBLISHED, shows=("linked_purpose",)),
    "link_voucher_client": _service(
        path={**_DRAFT, "client_id": CLIENT_ID, "purpose_id": "<free_purpose>"},
        body={"voucher": "<voucher>"},
    ),
    "remove_voucher_client": _service(
        path={**_PUBLISHED, "client_id": CLIENT_ID, "purpose_id": "<linked_purpose>"}
    ),
    "read_own_organization": _service(404, path={"fiscal_code": ORGANIZATION}),
    "replace_manage_key": _service(
        404, path={"fiscal_code": ORGANIZATION, "key_type": "secondary"}
    ),
    "give_delegation": _service(
        OWN, path=_GIVEN, body={"call_limit": 5}, cells={INTERMEDIARY_MANAGER: 400}
    ),
    "revoke_given_delegation": _service(404, path=_GIVEN),
    "list_given_delegations": _service(OWN, path={}, like=STRANGER_MANAGER),
    "list_given_messages": managed(404, LOG, path=_GIVEN, shows=("message",)),
    "request_delegation": managed(OWN, LOG, _SIDES, path=_RECEIVED, body={}, cells={MANAGER: 400}),
    "revoke_received_delegation": _received(path=_RECEIVED),
    "list_received_delegations": _received(OWN, path={}, like=STRANGER_MANAGER),
    "list_received_messages": _received(path=_RECEIVED, shows=("message",)),
    "show_delegated_keys": _received(path=_KEYS),
    "replace_delegated_key": _received(path={**_KEYS, "key_type": "primary"}),
    "create_remote_content_configuration": _service(OWN, path={}, body=a_configuration()),
    "list_remote_content_configurations": _service(OWN, path={}, shows=("configuration",)),
    "read_remote_content_configuration": _service(path=_CONFIGURATION, shows=("configuration",)),
    "replace_remote_content_configuration": _service(path=_CONFIGURATION, body=a_configuration()),
    "test_remote_content_configuration": _service(
        path=_CONFIGURATION, body={"id": "1", "fiscal_code": TEST_USER}
    ),
}
