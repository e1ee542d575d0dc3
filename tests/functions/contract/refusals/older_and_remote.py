"""Refusals of the older operations on services, and of remote content: sections 1.8 and 1.9."""

from typing import Any, Final

from infra.local.sandbox.seed import MANAGE_KEY, ORGANIZATION
from lib.domain.services.service import Group
from tests.builders.managed_services import PNG
from tests.builders.remote_content import UNKNOWN_ID, a_configuration, create
from tests.builders.services import with_groups
from tests.functions.contract.refusals.causes import (
    elsewhere,
)
from tests.functions.contract.refusals.rows import (
    NOT_ALLOWED,
    Ask,
    Ours,
    Refusal,
    asking,
)
from tests.functions.contract.refusals.services import UNKNOWN, no_right, stranger
from tests.stack import Reply, Stack

_LEGACY: Final = tuple(
    Refusal("1.8", f"{method} {path}", 404, None, "Resource not found", elsewhere(method, path))
    for method, path in (
        ("POST", "/api/v1/services"),
        ("GET", "/api/v1/services"),
        ("GET", f"/api/v1/services/{UNKNOWN}"),
        ("PUT", f"/api/v1/services/{UNKNOWN}"),
        ("PUT", f"/api/v1/services/{UNKNOWN}/keys"),
        ("PUT", f"/api/v1/services/{UNKNOWN}/logo"),
    )
)
"""IO's gateway has not had them since 2023, nor do we (decision 0041): unknown paths."""


def _logo(logo: str, organization: str = ORGANIZATION, key: Any = MANAGE_KEY) -> Ask:
    path = {"organization_fiscal_code": organization}
    return asking("set_organization_logo", {"logo": logo}, path=path, key=key)


_LOGO: Final = (
    Refusal("1.8 logo", "no allowed group", 403, NOT_ALLOWED, None, _logo(PNG, key=no_right)),
    Refusal(
        "1.8 logo",
        "the logo of another organisation",
        403,
        NOT_ALLOWED,
        None,
        _logo(PNG, "00000000018"),
    ),
    Refusal("1.8 logo", "no PNG image", 400, "Image not valid", None, _logo("AAAA")),
    Refusal("1.8 logo", "a wrong fiscal code", 400, None, None, _logo(PNG, "1")),
)


def _configuration(
    name: str, body: Any = None, key: Any = MANAGE_KEY, id_: str = UNKNOWN_ID
) -> Ask:
    return asking(
        f"{name}_remote_content_configuration", body, path={"configurationId": id_}, key=key
    )


def _of_another(name: str, body: Any = None) -> Ask:
    """Return a call about another organisation's configuration."""

    async def ask(stack: Stack) -> Reply:
        id_ = await create(stack, a_configuration(), MANAGE_KEY)
        return await _configuration(name, body, stranger, id_)(stack)

    return ask


_NO_TITLE: Final = (
    "IO's gateway gives the reason phrase `Invalid key` and no body; clients that want a JSON body "
    "get one here."
)


def _no_group(section: str, ask: Ask) -> Refusal:
    return Refusal(
        section,
        "no allowed group",
        403,
        "Invalid key",
        None,
        ask,
        Ours(403, NOT_ALLOWED, _NO_TITLE),
    )


async def _service_key(stack: Stack) -> str:
    return await with_groups(stack, *(set(Group) - {Group.OPERATIONS}))


_LIST: Final = "list_remote_content_configurations"
_REMOTE: Final = (
    _no_group("1.9 POST", _configuration("create", a_configuration(), no_right)),
    _no_group("1.9 list", asking(_LIST, key=no_right)),
    _no_group("1.9 GET", _configuration("read", key=no_right)),
    _no_group("1.9 PUT", _configuration("replace", a_configuration(), no_right)),
    Refusal(
        "1.9 POST",
        "a service's key",
        403,
        NOT_ALLOWED,
        None,
        _configuration("create", a_configuration(), _service_key),
    ),
    Refusal("1.9 list", "a service's key", 403, NOT_ALLOWED, None, asking(_LIST, key=_service_key)),
    Refusal(
        "1.9 GET",
        "a service's key",
        403,
        NOT_ALLOWED,
        None,
        _configuration("read", None, _service_key),
    ),
    Refusal(
        "1.9 PUT",
        "a service's key",
        403,
        NOT_ALLOWED,
        None,
        _configuration("replace", a_configuration(), _service_key),
    ),
    Refusal(
        "1.9 POST",
        "a wrong body",
        400,
        "Invalid NewRCConfigurationPublic",
        None,
        _configuration("create", {}),
    ),
    Refusal(
        "1.9 PUT",
        "a wrong body",
        400,
        "Invalid NewRCConfigurationPublic",
        None,
        _configuration("replace", {}),
    ),
    Refusal("1.9 GET", "no such configuration", 404, None, None, _configuration("read")),
    Refusal(
        "1.9 PUT",
        "no such configuration",
        404,
        None,
        None,
        _configuration("replace", a_configuration()),
    ),
    Refusal(
        "1.9 GET", "another owner's configuration", 403, NOT_ALLOWED, None, _of_another("read")
    ),
    Refusal(
        "1.9 PUT",
        "another owner's configuration",
        403,
        NOT_ALLOWED,
        None,
        _of_another("replace", a_configuration()),
    ),
)
ROWS: Final = (*_LEGACY, *_LOGO, *_REMOTE)
